"""Chunks of many attempts in few objects: a store that cannot append writes a growing segment again and again.

An object for each chunk made 1,500 objects of a run of 1,500 steps, and 12 s of its first read from an S3 server on the
same machine. A segment holds what one process recorded of one run, up to 64 KB; whoever waits for a chunk is served by
one write of all that has come meanwhile.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import pydantic_core

from output.tracing.attempt_records import PartKey
from output.tracing.stores.store import Chunk, StoredPart

Write = Callable[[str, str, bytes], None]
"""Stores a segment whole: run ID, the segment's name, content."""
_LARGEST = 64 * 1024  # a segment is written again with each of its chunks: half of this on average, beside a round trip
_OPEN_RUNS = 200  # of which the segment that may still grow is kept


@dataclass(slots=True)
class _Segment:
    """One object; `written` bytes of its content are stored."""

    name: str
    content: bytearray = field(default_factory=bytearray)
    ends: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    written: int = 0
    writing: threading.Lock = field(default_factory=threading.Lock)

    def has_room(self, size: int) -> bool:
        return not self.content or len(self.content) + size <= _LARGEST


class SegmentWriter:
    """Gathers chunks of each run into segments; safe to use from several threads."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._open: OrderedDict[str, _Segment] = OrderedDict()
        self._lock = threading.Lock()

    def append(self, chunk: Chunk) -> None:
        """Return once the chunk is stored; what the write raises passes, and the same chunk may be given again."""
        run_id = chunk.part.run_id
        with self._lock:
            segment, end = self._take(run_id, chunk)
        with segment.writing:
            if segment.written >= end:
                return  # another thread's write held it
            with self._lock:
                content = bytes(segment.content)
            self._write(run_id, segment.name, content)
            segment.written = len(content)

    def held(self, run_id: str) -> Sequence[tuple[str, int]]:
        """Which chunks the run's open segment holds."""
        with self._lock:
            segment = self._open.get(run_id)
            return [] if segment is None else list(segment.ends)

    def _take(self, run_id: str, chunk: Chunk) -> tuple[_Segment, int]:
        identity = (chunk.part.name, chunk.number)
        segment = self._open.get(run_id)
        if segment is not None and identity in segment.ends:
            return segment, segment.ends[identity]
        framed = frame(chunk)
        if segment is None or not segment.has_room(len(framed)):
            segment = self._open[run_id] = _Segment(uuid4().hex)
        self._open.move_to_end(run_id)
        while len(self._open) > _OPEN_RUNS:
            self._open.popitem(last=False)
        segment.content += framed
        segment.ends[identity] = len(segment.content)
        return segment, len(segment.content)


def frame(chunk: Chunk) -> bytes:
    """A chunk with a line before it that says whose it is and how long."""
    head = pydantic_core.to_json(["part", chunk.part.name, chunk.number, len(chunk.data)])
    return head + b"\n" + chunk.data


def read_segments(run_id: str, segments: Iterable[bytes]) -> list[StoredPart]:
    """The parts in all segments of a run, each chunk once and in order."""
    chunks: dict[PartKey, dict[int, bytes]] = {}
    sizes: dict[PartKey, int] = {}
    for segment in segments:
        for name, number, data, size in _frames(segment):
            part = PartKey.parse(run_id, name)
            if part is not None:
                chunks.setdefault(part, {})[number] = data
                sizes[part] = sizes.get(part, 0) + size
    return [
        StoredPart(part, sizes[part], (), content=b"".join(data for _, data in sorted(chunks[part].items())))
        for part in sorted(chunks)
    ]


def _frames(segment: bytes) -> Iterator[tuple[str, int, bytes, int]]:
    at = 0
    while at < len(segment):
        line = segment.find(b"\n", at)
        try:
            _, name, number, length = pydantic_core.from_json(segment[at : line if line >= 0 else len(segment)])
            end = line + 1 + int(length)
            yield str(name), int(number), segment[line + 1 : end], end - at
        except (ValueError, TypeError):
            return  # not ours, or cut off
        at = end
