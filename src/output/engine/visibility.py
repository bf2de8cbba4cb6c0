"""Texts inside the engine's queries for lists."""

from __future__ import annotations


def quoted(text: str) -> str:
    """A string literal: whatever the text is, it cannot end the literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
