"""Texts inside the engine's queries for lists."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The engine writes a literal anew before it compares: what it escapes in doing so never matches, however it was
# given, and quotes at the ends are cut off (server 1.32).
_HARD = re.compile(r'["\\\x00-\x1f]|^\'|\'$')


@dataclass(frozen=True)
class TextTerm:
    """`name = text` in the engine's language; `is_exact` says whether the answers need no second look."""

    query: str | None
    is_exact: bool


def equals(name: str, text: str) -> TextTerm:
    """A term for texts of any kind; where the engine cannot compare them, a wider one."""
    hard = _HARD.search(text)
    if hard is None:
        return TextTerm(f"{name} = {quoted(text)}", is_exact=True)
    prefix = text[: hard.start()].rstrip("'")
    return TextTerm(f"{name} STARTS_WITH {quoted(prefix)}" if prefix else None, is_exact=False)


def quoted(text: str) -> str:
    """A string literal: whatever the text is, it cannot end the literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
