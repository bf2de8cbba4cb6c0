"""What a store of large values offers; all of it blocks, so it is called from threads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

# An object that is given again counts as new again: what nobody names yet is safe from pruning for a day.
FRESH_FOR = timedelta(hours=12)


_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def is_digest(name: str) -> bool:
    """Whether a text is the name of an object: SHA-256, in hexadecimal."""
    return _DIGEST.match(name) is not None


class PayloadStoreError(Exception):
    """The store did not do what was asked; `is_passing` when it may do so in a moment."""

    def __init__(self, message: str, *, is_passing: bool = True) -> None:
        super().__init__(message)
        self.is_passing = is_passing


class PayloadMissingError(PayloadStoreError):
    """The store has no such object, and will not have it by waiting."""

    def __init__(self, digest: str, place: str) -> None:
        super().__init__(
            f"{place} has no object {digest}: it was pruned, or written to another store", is_passing=False
        )


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it lies there: `written_at` in seconds since the epoch."""

    digest: str
    size: int
    written_at: float


class PayloadStore(Protocol):
    """Objects by the digest of their content; every method may raise PayloadStoreError."""

    @property
    def place(self) -> str:
        """Where it is, for people."""
        ...

    def put(self, digest: str, parts: Sequence[bytes]) -> None:
        """Keep the parts as one object; one that is there already is kept as it is, and counts as new."""
        ...

    def get(self, digest: str) -> bytes:
        """The object; raises PayloadMissingError."""
        ...

    def list_objects(self) -> Iterator[StoredObject]:
        """All objects, in any order."""
        ...

    def delete(self, digest: str) -> None:
        """Let go of an object; one that is gone already is no fault."""
        ...
