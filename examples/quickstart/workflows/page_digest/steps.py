"""Fetching pages and boiling them down."""

import re
from collections import Counter
from datetime import timedelta

from pydantic import HttpUrl

from output import FatalError, Retry, http, step

from .html import PageReader
from .models import Digest, Page, PageDigest, WordCount

WORDS_PER_MINUTE = 230
SHORTEST_PARAGRAPH = 80  # characters; shorter lines are headings and menus
LONGEST_TEXT = 200_000  # characters; a step's result has to stay below 2 MB
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_TOO_COMMON = frozenset(
    """
    a about all also an and any are as at be been but by can could do does for from had has have how if in into is it
    its just more most no not of on one only or other our out over so some such than that the their them then there
    these they this those to under up was we were what when where which while who will with would you your
    """.split()  # noqa: SIM905 — as a list it takes a screen
)


@step(retry=Retry(max_attempts=5, initial_interval=timedelta(seconds=1)), timeout=timedelta(seconds=30))
async def fetch_page(url: HttpUrl) -> Page:
    """Fetch a page and keep what a reader sees of it."""
    reply = await http.get(str(url), headers={"Accept": "text/html"}, timeout=20)
    if reply.status_code in {400, 401, 403, 404, 410}:
        raise FatalError(f"{url} answers {reply.status_code}: asking again will not help.")
    reply.raise_for_status()
    reader = PageReader(reply.text)
    return Page(
        url=url,
        title=reader.title,
        headings=reader.headings,
        text=reader.text[:LONGEST_TEXT],
        size_bytes=len(reply.content),
    )


@step
async def digest(pages: list[Page], top_words: int = 8) -> Digest:
    """Count, measure and compare the pages."""
    counts = [_count(page) for page in pages]
    shared = set(counts[0]).intersection(*counts[1:]) if len(pages) > 1 else set[str]()
    together = sum((Counter({word: count[word] for word in shared}) for count in counts), Counter[str]())
    digests = [_boil_down(page, count, top_words) for page, count in zip(pages, counts, strict=True)]
    return Digest(
        pages=digests,
        words=sum(page.words for page in digests),
        reading_seconds=sum(page.reading_seconds for page in digests),
        shared_words=[word for word, _ in _ranked(together)[:top_words]],
    )


def _boil_down(page: Page, counts: Counter[str], top_words: int) -> PageDigest:
    words = len(_WORD.findall(page.text))
    lines = page.text.splitlines()
    prose = next((line for line in lines if len(line) > SHORTEST_PARAGRAPH), lines[0] if lines else "")
    return PageDigest(
        url=page.url,
        title=page.title or next(iter(page.headings), str(page.url)),
        opening=re.split(r"(?<=[.!?])\s", prose, maxsplit=1)[0],
        headings=page.headings,
        words=words,
        different_words=len(counts),
        reading_seconds=round(words * 60 / WORDS_PER_MINUTE),
        top_words=[WordCount(word=word, count=count) for word, count in _ranked(counts)[:top_words]],
    )


def _count(page: Page) -> Counter[str]:
    words = (word.lower() for word in _WORD.findall(page.text))
    return Counter(word for word in words if len(word) > 1 and word not in _TOO_COMMON)


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
