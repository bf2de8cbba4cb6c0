"""One stream for what `output dev` says and what its children write, each line marked with its source."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, TextIO

Source = Literal["dev", "engine", "worker", "api"]

TITLES: dict[Source, str] = {"dev": "output dev", "engine": "engine", "worker": "worker", "api": "API server"}
_WIDTH = 6
_COLOURS: dict[Source, str] = {"dev": "1", "engine": "35", "worker": "36", "api": "34"}
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]")


class Console:
    """Writes whole lines; once nobody reads any more (a closed pipe) it says nothing."""

    def __init__(self, stream: TextIO, *, colour: bool) -> None:
        self._stream = stream
        self._colour = colour
        self._is_closed = False
        self.on_closed: Callable[[], None] = _ignore

    def line(self, source: Source, text: str) -> None:
        """One line of a child, or of ours."""
        text = _UNPRINTABLE.sub("", text if self._colour else _ESCAPES.sub("", text))
        mark = f"{source:<{_WIDTH}} │"
        if self._colour:
            mark = f"\x1b[{_COLOURS[source]}m{mark}\x1b[0m"
            text = f"{text}\x1b[0m" if "\x1b" in text else text
        self._write(f"{mark} {text}\n")

    def say(self, text: str) -> None:
        """What `output dev` itself has to say, a mark on every line."""
        for line in text.splitlines():
            self.line("dev", line)

    def _write(self, text: str) -> None:
        if self._is_closed:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._is_closed = True
            self.on_closed()


def _ignore() -> None:
    return
