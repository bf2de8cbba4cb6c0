"""What a store of traces offers; all of it blocks, so it is called from threads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol

from output.models.runs import TraceLocations
from output.tracing.attempt_records import PartKey

_HEAD = re.compile(rb'\{\s*"id":\s*"([0-9A-Za-z-]+)"')
Source = Literal["local", "remote"]


class TraceStoreError(Exception):
    """The store did not do what was asked; `is_passing` when it may do so in a moment."""

    def __init__(self, message: str, *, is_passing: bool) -> None:
        super().__init__(message)
        self.is_passing = is_passing


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines of a part, in the order of their numbers."""

    part: PartKey
    number: int
    data: bytes


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part as it lies in a store: its size there in bytes, and where it is: in files, or at hand already."""

    key: PartKey
    size: int
    names: tuple[str, ...]
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class SealedTrace:
    """A whole trace: whose, where it lies, open for reading, and how many bytes of parts went into it."""

    run_id: str
    address: str
    file: BinaryIO
    recorded: int | None


class TraceStore(Protocol):
    """Parts of running runs and sealed traces; every method may raise TraceStoreError."""

    @property
    def source(self) -> Source: ...

    def append(self, chunk: Chunk) -> None:
        """Keep a chunk; the same one again changes nothing that matters."""
        ...

    def list_parts(self, run_id: str) -> Sequence[StoredPart]:
        """What was kept of a run."""
        ...

    def measure_parts(self, run_id: str) -> int:
        """How many bytes of parts were kept of a run: the sum of their sizes, without reading them."""
        ...

    def open_part(self, part: StoredPart) -> BinaryIO:
        """The lines of a part, all of them within reach: nothing more is fetched."""
        ...

    def open_sealed(self, locations: TraceLocations, run_id: str) -> SealedTrace | None:
        """The sealed trace of exactly this run, None when there is none."""
        ...

    def find_by_id(self, workflow_id: str, run_id: str | None) -> SealedTrace | None:
        """The sealed trace of a run that the engine has forgotten; without `run_id` the latest one's."""
        ...

    def seal(
        self, locations: TraceLocations, run_id: str, content: BinaryIO, *, recorded: Mapping[str, int]
    ) -> str | None:
        """Keep a whole trace and say where; another run's is never overwritten. None: this store is not meant.

        `recorded` is how many bytes of parts of each run went into it, its own and its children's.
        """
        ...


def run_of(head: bytes) -> str | None:
    """Whose trace it is that starts so."""
    found = _HEAD.match(head)
    return found[1].decode() if found is not None else None
