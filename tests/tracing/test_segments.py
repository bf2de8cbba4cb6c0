"""Chunks gathered into few objects come back whole, whatever a store does in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from output.tracing.attempt_records import PartKey
from output.tracing.stores.segments import SegmentWriter, frame, read_segments
from output.tracing.stores.store import Chunk

RUN = "run"


def chunk(step: int, number: int, data: bytes = b"line\n") -> Chunk:
    return Chunk(PartKey(RUN, str(step), 1), number, data)


class Objects:
    """An object store in memory that refuses as often as it is told to."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.writes = 0
        self.refusals = 0

    def write(self, run_id: str, name: str, content: bytes) -> None:
        assert run_id == RUN
        self.writes += 1
        if self.refusals:
            self.refusals -= 1
            raise OSError("refused")
        self.kept[name] = content


def read(objects: Objects) -> dict[str, bytes]:
    return {part.key.step: part.content for part in read_segments(RUN, objects.kept.values())}


def test_many_chunks_make_few_objects_and_each_comes_back() -> None:
    objects = Objects()
    writer = SegmentWriter(objects.write)
    for step in range(1_500):
        writer.append(chunk(step, 0, b"x" * 400 + b"\n"))

    assert len(objects.kept) <= 12
    found = read(objects)
    assert len(found) == 1_500
    assert set(found.values()) == {b"x" * 400 + b"\n"}


def test_chunks_of_one_part_stand_in_the_order_of_their_numbers() -> None:
    objects = Objects()
    writer = SegmentWriter(objects.write)
    for number in (2, 0, 1):
        writer.append(chunk(1, number, b"%d\n" % number))

    assert read(objects) == {"1": b"0\n1\n2\n"}


def test_a_refused_chunk_is_stored_once_when_it_is_given_again() -> None:
    objects = Objects()
    writer = SegmentWriter(objects.write)
    objects.refusals = 1
    with pytest.raises(OSError, match="refused"):
        writer.append(chunk(1, 0))
    writer.append(chunk(1, 0))

    (content,) = objects.kept.values()
    assert content == frame(chunk(1, 0))


def test_threads_that_wait_together_share_a_write() -> None:
    gate, entered = threading.Event(), threading.Event()

    class Slow(Objects):
        def write(self, run_id: str, name: str, content: bytes) -> None:
            entered.set()
            assert gate.wait(10)
            super().write(run_id, name, content)

    objects = Slow()
    writer = SegmentWriter(objects.write)
    with ThreadPoolExecutor(20) as threads:
        first = threads.submit(writer.append, chunk(0, 0))
        assert entered.wait(10)
        others = [threads.submit(writer.append, chunk(step, 0)) for step in range(1, 20)]
        while len(writer.held(RUN)) < 20:
            pass
        gate.set()
        for done in (first, *others):
            done.result(10)

    assert objects.writes == 2
    assert len(read(objects)) == 20


def test_a_segment_that_was_cut_off_gives_what_it_still_holds() -> None:
    whole = frame(chunk(1, 0)) + frame(chunk(2, 0))

    (part,) = read_segments(RUN, [whole[:-20]])

    assert (part.key.step, part.content) == ("1", b"line\n")


def test_what_is_larger_than_a_segment_is_one_of_its_own() -> None:
    objects = Objects()
    writer = SegmentWriter(objects.write)
    writer.append(chunk(1, 0))
    writer.append(chunk(2, 0, b"y" * 200_000))
    writer.append(chunk(3, 0))

    assert len(objects.kept) == 3
    assert len(read(objects)["2"]) == 200_000
