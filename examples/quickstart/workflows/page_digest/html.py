"""The readable part of an HTML page."""

import re
from html.parser import HTMLParser

_UNSEEN = {"head", "noscript", "script", "style", "svg", "template"}
_HEADINGS = {"h1", "h2", "h3"}
_BREAKS = {"article", "br", "div", "footer", "header", "li", "main", "nav", "p", "section", "td", "tr"} | _HEADINGS


class PageReader(HTMLParser):
    """Collects title, headings and visible text; feed it the page, then read the attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._title: list[str] = []
        self._text: list[str] = []
        self.headings: list[str] = []
        self.feed(html)
        self.close()

    @property
    def title(self) -> str:
        return _tidy("".join(self._title))

    @property
    def text(self) -> str:
        lines = (_tidy(line) for line in "".join(self._text).splitlines())
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self._text.append("\n")
        if tag in _HEADINGS:
            self.headings.append("")
        if tag in _UNSEEN | _HEADINGS | {"title"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self._text.append("\n")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "title" in self._open:
            self._title.append(data)
        elif not _UNSEEN.intersection(self._open):
            self._text.append(re.sub(r"\s+", " ", data))
            if _HEADINGS.intersection(self._open):
                self.headings[-1] = _tidy(f"{self.headings[-1]} {data}")


def _tidy(text: str) -> str:
    return " ".join(text.split())
