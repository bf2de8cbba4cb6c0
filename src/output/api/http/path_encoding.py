"""Slashes inside a path's segment: a workflow ID may hold them, written as `%2F`."""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import unquote, unquote_to_bytes

from starlette.convertors import Convertor, register_url_convertor
from starlette.types import Scope

# No path decodes to a lone surrogate, so nothing else can be mistaken for such a slash.
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SLASH = "\udc2f"


def is_well_encoded(scope: Scope) -> bool:
    """Whether every `%` of the path begins an encoded byte, and the bytes are UTF-8."""
    raw = (scope.get("raw_path") or b"").partition(b"?")[0]
    if b"%" not in raw:
        return True
    if _BROKEN.search(raw):
        return False
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    return True


def drop_trailing_slash(scope: Scope) -> None:
    """Take one slash at the end for a slip of who wrote the address."""
    path: str = scope["path"]
    if len(path) > 1 and path.endswith("/") and not path.endswith("//"):
        scope["path"] = path[:-1]


def keep_slashes(scope: Scope) -> None:
    """Keep `%2F` apart from the slashes between segments; servers decode both to the same character."""
    raw: bytes = (scope.get("raw_path") or b"").partition(b"?")[0]
    if b"%2f" in raw.lower():
        segments = raw.decode("latin-1").split("/")
        scope["path"] = "/".join(unquote(segment).replace("/", _SLASH) for segment in segments)


def restore_slashes(text: str) -> str:
    """A segment, or a whole path, as its sender meant it."""
    return text.replace(_SLASH, "/")


def is_stream(scope: Scope) -> bool:
    """Whether the path is a run's event stream, whose answer has no end of its own."""
    return cast("str", scope["path"]).endswith("/history/stream")


class SegmentConvertor(Convertor[str]):
    """`{name:segment}` in a route: one segment of the path, slashes restored."""

    regex = "[^/]+"

    def convert(self, value: str) -> str:
        return restore_slashes(value)

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("segment", SegmentConvertor())
