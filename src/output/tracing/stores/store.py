"""What a store of traces offers; all of it blocks, so it is called from threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from output.models.runs import TraceLocations
from output.tracing.parts import PartKey

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
    """A part as it lies in a store: its size in bytes, and the names of what it consists of, in order."""

    key: PartKey
    size: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealedTrace:
    """A whole trace: where it lies, open for reading, and how many bytes of parts went into it."""

    address: str
    file: BinaryIO
    recorded: int | None
    path: Path | None = None


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

    def read_part(self, part: StoredPart) -> Iterator[bytes]:
        """The lines of a part."""
        ...

    def open_sealed(self, locations: TraceLocations, run_id: str) -> SealedTrace | None:
        """The sealed trace of exactly this run, None when there is none."""
        ...

    def seal(self, locations: TraceLocations, run_id: str, content: BinaryIO, *, recorded: int) -> str | None:
        """Keep a whole trace and say where; another run's is never overwritten. None: this store is not meant."""
        ...


def starts_with_run(head: bytes, run_id: str) -> bool:
    """Whether a sealed trace that starts so is the run's."""
    return head.startswith(b'{"id":"' + run_id.encode() + b'"')
