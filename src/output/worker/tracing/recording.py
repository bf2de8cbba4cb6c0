"""Recording what happens inside steps: one side record for each attempt that has something to tell."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from output.tracing.attempt_records import PartKey
from output.tracing.recorder import AttemptFacts, Position, Recorder, SpanObserver, clock, enter, leave
from output.tracing.stores.store import Chunk
from output.tracing.stores.writer import PATIENCE, StoreWriter

log = logging.getLogger("output.tracing")

FLUSH_SECONDS = 0.5
_LONG_ATTEMPT = 1_000  # ms after which an attempt's start is written, so that a crash leaves its time
_SETTLE_SECONDS = 2.0
_TICK = 200  # ms


class TraceRecording:
    """Records attempts and hands what they tell to the stores' writers, while they run and before they end."""

    def __init__(
        self, writers: Sequence[StoreWriter], *, verbose_http: bool = False, observer: SpanObserver | None = None
    ) -> None:
        self._writers = writers
        self._observer = observer
        self._verbose_http = verbose_http
        self._active: set[Recorder] = set()
        self._last_end = 0
        self._lock = threading.Lock()
        self._unsettled: dict[str, set[Future[bool]]] = {}
        self._closing = threading.Event()
        # A thread of its own: a step that blocks the event loop must not stop it.
        self._flusher = threading.Thread(target=self._flush_regularly, name="trace-flush", daemon=True)
        self._flusher.start()

    @property
    def is_busy(self) -> bool:
        """Whether attempts are running, or did a moment ago."""
        return bool(self._active) or clock() - self._last_end < _TICK

    @asynccontextmanager
    async def attempt(self, facts: AttemptFacts) -> AsyncGenerator[None]:
        """Record what runs inside; before it is left, what was recorded is with the stores that are quick."""
        recorder = Recorder(facts, verbose_http=self._verbose_http)
        self._active.add(recorder)
        token = enter(Position(recorder, observer=self._observer))
        try:
            yield
        except BaseException as error:
            await self._end(recorder, error)
            raise
        else:
            await self._end(recorder, None)
        finally:
            leave(token)

    async def settle(self, run_id: str) -> None:
        """Wait, but not for long, until what was recorded of a run is stored."""
        with self._lock:
            waiting = list(self._unsettled.get(run_id, ()))
        if waiting:
            await asyncio.wait({asyncio.wrap_future(future) for future in waiting}, timeout=_SETTLE_SECONDS)

    def close(self, *, seconds: float) -> None:
        """Write what is left, for at most so long."""
        self._closing.set()
        self._flusher.join(seconds)
        for writer in self._writers:
            writer.close(seconds=seconds)

    async def _end(self, recorder: Recorder, error: BaseException | None) -> None:
        self._active.discard(recorder)
        self._last_end = clock()
        recorder.finish(error)
        if not recorder.is_changed:
            return
        for writer, done in self._flush(recorder, at_once=True):
            if writer.is_up and not done.done():
                try:
                    await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(done)), PATIENCE[writer.store.source])
                except TimeoutError:
                    writer.mark_slow()

    def _flush(self, recorder: Recorder, *, at_once: bool = False) -> list[tuple[StoreWriter, Future[bool]]]:
        data = recorder.drain()
        if not data:
            return []
        chunk = Chunk(PartKey.of(recorder.facts), next(recorder.chunks), data)
        written = [(writer, writer.write_now(chunk) if at_once else writer.write(chunk)) for writer in self._writers]
        for _, done in written:
            if not done.done():
                self._remember(recorder.facts.run_id, done)
        return written

    def _remember(self, run_id: str, done: Future[bool]) -> None:
        with self._lock:
            self._unsettled.setdefault(run_id, set()).add(done)
        done.add_done_callback(lambda future: self._forget(run_id, future))

    def _forget(self, run_id: str, done: Future[bool]) -> None:
        with self._lock:
            waiting = self._unsettled.get(run_id)
            if waiting is not None:
                waiting.discard(done)
                if not waiting:
                    del self._unsettled[run_id]

    def _flush_regularly(self) -> None:
        while not self._closing.wait(FLUSH_SECONDS):
            for recorder in list(self._active):
                is_long = not recorder.is_written and clock() - recorder.started_at > _LONG_ATTEMPT
                if recorder.is_changed or is_long:
                    self._flush(recorder)


class ObservingInterceptor(ActivityInboundInterceptor):
    """Where traces are kept nowhere: tells the observer alone of the spans of steps."""

    def __init__(self, inner: ActivityInboundInterceptor, observer: SpanObserver) -> None:
        super().__init__(inner)
        self._observer = observer

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 — the SDK's signature
        token = enter(Position(None, observer=self._observer))
        try:
            return await self.next.execute_activity(input)
        finally:
            leave(token)


class RecordingInterceptor(ActivityInboundInterceptor):
    """Records every attempt of a step of a traced workflow."""

    def __init__(
        self, inner: ActivityInboundInterceptor, recording: TraceRecording, is_traced: Callable[[str], bool]
    ) -> None:
        super().__init__(inner)
        self._recording, self._is_traced = recording, is_traced

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 — the SDK's signature
        info = activity.info()
        if info.workflow_run_id is None or not self._is_traced(info.workflow_type or ""):
            return await self.next.execute_activity(input)
        facts = AttemptFacts(info.workflow_run_id, info.activity_id, info.attempt, info.activity_type)
        async with self._recording.attempt(facts):
            return await self.next.execute_activity(input)
