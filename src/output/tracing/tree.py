"""A trace as it grows: nodes go to a file as they come, only numbers stay in memory."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Self, cast

import pydantic_core

_IN_MEMORY = 4 * 1024 * 1024
_CHUNK = 128 * 1024
_ROOT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node without its children; times in ms, `input`, `output`, `error` and `attributes` are JSON.

    Without `ended_at` it is open and has neither output nor error.
    """

    id: str
    kind: str
    name: str
    started_at: int
    ended_at: int | None = None
    input: bytes | None = None
    output: bytes | None = None
    error: bytes | None = None
    attributes: bytes | None = None

    def render(self) -> bytes:
        """The start of the node's JSON object, up to where its children go."""
        head = {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "startedAt": self.started_at,
            "endedAt": self.ended_at,
        }
        parts = [pydantic_core.to_json(head)[:-1], b',"input":', self.input or b"null"]
        if self.error is not None:
            parts += [b',"error":', self.error]
        elif self.ended_at is not None:
            parts += [b',"output":', self.output or b"null"]
        parts += [b',"attributes":', self.attributes or b"{}"]
        return b"".join(parts)


class TraceTree:
    """Nodes by the number they got when their place was taken, from any thread; `close` gives the file back."""

    def __init__(self) -> None:
        self._file = cast("IO[bytes]", SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 — closed by `close`
        self._lock = threading.Lock()
        self._end = 0
        self._parents = array("q")
        self._starts = array("q")
        self._offsets = array("q")
        self._lengths = array("q")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._parents)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def reserve(self, parent: int | None, *, started_at: int) -> int:
        """Take a place below `parent` (None: the root), among its siblings by start (ms)."""
        with self._lock:
            self._parents.append(_ROOT if parent is None else parent)
            self._starts.append(started_at)
            self._offsets.append(0)
            self._lengths.append(0)
            return len(self._parents) - 1

    def put(self, place: int, node: Node) -> None:
        """Fill a place, or fill it anew; places that are never filled are left out with all below them."""
        self.put_rendered(place, node.render(), started_at=node.started_at)

    def put_rendered(self, place: int, data: bytes, *, started_at: int) -> None:
        """Like `put`, with what `Node.render` made."""
        with self._lock:
            self._file.seek(self._end)
            self._file.write(data)
            self._starts[place] = started_at
            self._offsets[place], self._lengths[place] = self._end, len(data)
            self._end += len(data)

    def add(self, parent: int | None, node: Node) -> int:
        """Take a place and fill it."""
        place = self.reserve(parent, started_at=node.started_at)
        self.put(place, node)
        return place

    def stream(self) -> Iterator[bytes]:
        """The whole tree as JSON, one line for each node, in chunks of about 128 KB."""
        chunk = bytearray()
        for piece in self._pieces():
            chunk += piece
            if len(chunk) >= _CHUNK:
                yield bytes(chunk)
                chunk.clear()
        if chunk:
            yield bytes(chunk)

    def _pieces(self) -> Iterator[bytes]:
        first, following = self._families()
        place = first[0]  # of the root's family, which is shifted by one
        ancestors: list[int] = []
        while place >= 0:
            yield self._read(place)
            child = first[place + 1]
            if child >= 0:
                ancestors.append(place)
                yield b',"children":[\n' + b" " * len(ancestors)
                place = child
                continue
            yield b',"children":[]}'
            while following[place] < 0 and ancestors:
                place = ancestors.pop()
                yield b"\n" + b" " * len(ancestors) + b"]}"
            place = following[place] if ancestors else -1
            if place >= 0:
                yield b",\n" + b" " * len(ancestors)
        yield b"\n"

    def _read(self, place: int) -> bytes:
        with self._lock:
            self._file.seek(self._offsets[place])
            return self._file.read(self._lengths[place])

    def _families(self) -> tuple[array[int], array[int]]:
        """First child of each parent (index shifted by one, 0 is above the root), and each node's next sibling."""
        first, last = array("q", [-1]) * (len(self) + 1), array("q", [-1]) * (len(self) + 1)
        following = array("q", [-1]) * len(self)
        for place in sorted(range(len(self)), key=self._starts.__getitem__):  # stable: equals stay in order of arrival
            if not self._lengths[place]:
                continue
            family = self._parents[place] + 1
            if last[family] < 0:
                first[family] = place
            else:
                following[last[family]] = place
            last[family] = place
        return first, following
