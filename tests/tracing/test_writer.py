"""Stores that are down, slow or refuse must not be felt."""

from __future__ import annotations

import logging
import time
import uuid
from concurrent.futures import wait

import pytest

from output.tracing.attempt_records import PartKey
from output.tracing.stores.s3 import S3Store
from output.tracing.stores.store import Chunk
from output.tracing.stores.writer import StoreWriter
from tests.support.s3 import Door, remote_settings


def chunk(run: str, number: int = 0, size: int = 10) -> Chunk:
    return Chunk(PartKey(run, "1", 1), number, b"x" * (size - 1) + b"\n")


def test_what_a_store_that_is_down_at_start_missed_is_written_when_it_is_back(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.shut()
    writer, run = StoreWriter(S3Store(remote_settings(door.url)), threads=2), str(uuid.uuid4())
    with caplog.at_level(logging.WARNING, "output.tracing"):
        written = [writer.write(chunk(run, number)) for number in range(5)]
        deadline = time.monotonic() + 30
        while writer.is_up and time.monotonic() < deadline:
            assert not wait(written, timeout=0.05).done
        assert not writer.is_up
        door.open_again()
        wait(written, timeout=60)

    assert [done.result(0) for done in written] == [True] * 5
    writer.close(seconds=5)
    (part,) = S3Store(remote_settings(door.url)).list_parts(run)
    with S3Store(remote_settings(door.url)).open_part(part) as lines:
        assert len(lines.read()) == 50
    assert sum("not keeping up" in record.message for record in caplog.records) == 1


def test_a_store_that_goes_down_in_the_middle_loses_nothing(door: Door) -> None:
    writer, run = StoreWriter(S3Store(remote_settings(door.url)), threads=2), str(uuid.uuid4())
    before = writer.write(chunk(run, 0))
    assert before.result(30)
    door.shut()
    during = writer.write(chunk(run, 1))
    assert not wait([during], timeout=0.3).done
    door.open_again()

    assert during.result(60)
    writer.close(seconds=5)


def test_a_store_that_refuses_costs_one_try_and_one_line(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    store = S3Store(remote_settings(door.url, bucket="somebody-elses"))
    writer, run = StoreWriter(store, threads=1), str(uuid.uuid4())
    with caplog.at_level(logging.WARNING, "output.tracing"):
        written = [writer.write(chunk(run, number)) for number in range(20)]
        wait(written, timeout=60)

    assert not any(done.result(0) for done in written)
    assert len(caplog.records) == 1
    assert "S3 refuses" in caplog.records[0].message
    writer.close(seconds=5)


def test_writing_never_blocks_and_never_takes_more_memory_than_allowed(door: Door) -> None:
    door.shut()
    writer = StoreWriter(S3Store(remote_settings(door.url)), threads=1, max_waiting_bytes=10_000)
    run, started = str(uuid.uuid4()), time.monotonic()
    written = [writer.write(chunk(run, number, size=1_000)) for number in range(500)]

    assert time.monotonic() - started < 5  # a bound: 500 tries would take minutes
    assert sum(done.done() for done in written) >= 490
    writer.close(seconds=0.1)


def test_a_slow_store_is_noticed(door: Door) -> None:
    door.delay = 0.3
    writer, run = StoreWriter(S3Store(remote_settings(door.url)), threads=1), str(uuid.uuid4())
    writer.mark_slow()

    assert writer.write(chunk(run, 0)).result(30)
    assert not writer.is_up
    door.delay = 0.0
    assert writer.write(chunk(run, 1)).result(30)
    writer.close(seconds=5)
