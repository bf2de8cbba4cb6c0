"""JSON as everybody reads it, and the same value in the exact form in which our own processes hand it on."""

from __future__ import annotations

from typing import Self


class ExactJson(bytes):
    """JSON bytes; `exact` is there where the readable form loses something: aliases, excluded fields, secrets."""

    exact: bytes | None

    def __new__(cls, data: bytes, exact: bytes | None = None) -> Self:
        found = super().__new__(cls, data)
        found.exact = exact
        return found

    @property
    def size(self) -> int:
        """What both take together."""
        return len(self) + len(self.exact or b"")


def exact_of(data: bytes) -> bytes | None:
    """The exact form, where there is one beside the readable one."""
    return data.exact if isinstance(data, ExactJson) else None


def size_of(data: bytes) -> int:
    """Bytes of all forms."""
    return data.size if isinstance(data, ExactJson) else len(data)
