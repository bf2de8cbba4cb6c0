"""Slashes inside a path's segment: a workflow ID may hold them, written as `%2F`."""

from __future__ import annotations

from typing import cast
from urllib.parse import unquote

from starlette.convertors import Convertor, register_url_convertor
from starlette.types import Scope

# No path decodes to a lone surrogate, so nothing else can be mistaken for such a slash.
_SLASH = "\udc2f"


def keep_slashes(scope: Scope) -> None:
    """Keep `%2F` apart from the slashes between segments; servers decode both to the same character."""
    raw: bytes = scope.get("raw_path") or b""
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
