"""What steps tell is with quick stores before an attempt ends, and slow ones hold nobody up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from output import trace
from output.tracing.recorder import AttemptFacts
from output.tracing.stores.local import LocalStore
from output.tracing.stores.store import Chunk, TraceStoreError
from output.tracing.stores.writer import StoreWriter
from output.worker.tracing.recording import TraceRecording

FACTS = AttemptFacts("0199-run", "1", 1, "order#pack")


class Gated(LocalStore):
    """A store of files whose writes wait for a gate, or fail."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.gate = threading.Event()
        self.gate.set()
        self.error: TraceStoreError | None = None
        self.chunks: list[Chunk] = []

    def append(self, chunk: Chunk) -> None:
        self.gate.wait(30)
        if self.error is not None:
            raise self.error
        self.chunks.append(chunk)
        super().append(chunk)


@pytest.fixture
def store(tmp_path: Path) -> Gated:
    return Gated(tmp_path)


@pytest.fixture
def recording(store: Gated) -> Generator[TraceRecording]:
    recording = TraceRecording([StoreWriter(store, threads=1)])
    yield recording
    store.gate.set()
    recording.close(seconds=5)


async def attempt(recording: TraceRecording, *, fail: bool = False) -> None:
    async with recording.attempt(FACTS):
        with trace.span("tool", "look up") as span:
            span.attribute("hits", 3)
        if fail:
            raise LookupError("nothing")


async def test_spans_are_stored_before_the_attempt_is_over(recording: TraceRecording, store: Gated) -> None:
    await attempt(recording)

    assert b"look up" in b"".join(chunk.data for chunk in store.chunks)


async def test_an_attempt_that_fails_is_stored_with_its_spans_and_the_error_goes_on(
    recording: TraceRecording, store: Gated
) -> None:
    with pytest.raises(LookupError, match="nothing"):
        await attempt(recording, fail=True)

    assert b"look up" in b"".join(chunk.data for chunk in store.chunks)


async def test_an_attempt_that_tells_nothing_leaves_nothing(recording: TraceRecording, store: Gated) -> None:
    async with recording.attempt(FACTS):
        pass

    assert store.chunks == []


async def test_files_that_were_slow_once_hold_no_attempt_up_again(recording: TraceRecording, store: Gated) -> None:
    store.gate.clear()
    opening = threading.Timer(0.2, store.gate.set)
    opening.start()
    await attempt(recording)  # writes by itself, and learns that it is slow
    opening.join()
    store.gate.clear()
    begun = time.monotonic()
    await attempt(recording)
    lasted = time.monotonic() - begun
    store.gate.set()
    await recording.settle(FACTS.run_id)

    assert lasted < 5  # the gate would have held it for 30 s
    assert len(store.chunks) == 2


async def test_settling_a_run_without_records_is_done_at_once(recording: TraceRecording) -> None:
    async with asyncio.timeout(1):
        await recording.settle("nobody")


async def test_it_is_busy_while_attempts_run_and_a_moment_longer(recording: TraceRecording) -> None:
    before = recording.is_busy
    async with recording.attempt(FACTS):
        during = recording.is_busy
    after = recording.is_busy
    await asyncio.sleep(0.3)

    assert (before, during, after, recording.is_busy) == (False, True, True, False)
