"""Sealing traces soon after their runs have ended, without an event or a task in any run."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cachetools import FIFOCache
from temporalio.service import RPCError

from output.engine.connection import Engine
from output.engine.descriptions import trace_of
from output.engine.traces.reader import TraceReader
from output.errors import OutputError, TraceNotAvailableError, WorkflowNotCompletedError, WorkflowNotFoundError
from output.models.references import RunRef
from output.models.runs import TraceLocations
from output.tracing.stores.local import LocalStore
from output.tracing.stores.store import TraceStore, TraceStoreError
from output.worker.tracing.metrics import SealingMeter
from output.worker.tracing.recording import TraceRecording

log = logging.getLogger("output.tracing")

_MAX_WAITING = 10_000
_MAX_REMEMBERED = 20_000
_LOOK_BACK = timedelta(hours=1)  # of the first sweep: what ended while no worker was there
_BUSY_PAUSE = 4.0  # seconds that a sweep waits longer while steps run
_OVERLAP = timedelta(seconds=10)  # what the engine's listing may lag behind
_MAX_SWEPT = 200
_CLOSING = (0.1, 0.1, 0.2, 0.5, 1.0, 2.0)  # seconds between looks at a run that is about to end
_RETRY_SECONDS = 30.0  # until a store that was down is tried again
_REST = 20  # times as long as sealing took, while steps run: at most 5 % of a busy worker goes into it
_LONGEST_REST = 2.0
_KEEP_PARTS = timedelta(days=1)


@dataclass(frozen=True)
class SealingPace:
    """How often runs are looked for that ended out of this worker's sight (terminate, time-out, a dead worker)."""

    sweep: timedelta


@dataclass(frozen=True)
class _Ended:
    """A run that has ended or is about to; `locations` where it was found with its memo."""

    run: RunRef
    locations: TraceLocations | None = None
    noted: float = field(default_factory=time.monotonic)

    @property
    def run_id(self) -> str:
        return self.run.run_id or ""


class TraceSealer:
    """Seals the runs that it is told of, and those that it finds."""

    def __init__(
        self,
        engine: Engine,
        stores: list[TraceStore],
        recording: TraceRecording,
        pace: SealingPace,
        meter: SealingMeter | None = None,
    ) -> None:
        self._engine, self._stores, self._recording, self._pace = engine, stores, recording, pace
        self._reader = TraceReader(engine, stores)
        self._queue: asyncio.Queue[_Ended] = asyncio.Queue(_MAX_WAITING)
        self._meter = meter
        if meter is not None:
            meter.watch(self._queue.qsize)
        self._seen = FIFOCache[str, bool](_MAX_REMEMBERED)
        self._loop = asyncio.get_running_loop()

    def record_end(self, workflow_id: str, run_id: str) -> None:
        """A run is about to end; from any thread."""
        self._loop.call_soon_threadsafe(self._enqueue, _Ended(RunRef(workflow_id, run_id)))

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Seal in the background; on leaving, what has just ended is still sealed."""
        tasks = [asyncio.create_task(self._seal_queued()), asyncio.create_task(self._sweep_regularly())]
        try:
            yield
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._queue.join(), 2.0)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._reader.close()

    def _enqueue(self, ended: _Ended) -> None:
        if ended.run_id in self._seen:
            return
        with suppress(asyncio.QueueFull):  # a later sweep or a reader seals it
            self._queue.put_nowait(ended)
            self._seen[ended.run_id] = True

    async def _seal_queued(self) -> None:
        while True:
            ended = await self._queue.get()
            started = time.monotonic()
            try:
                await self._seal(ended)
            except OutputError as error:
                log.warning("the trace of %s is not sealed yet: %s", ended.run, error)
                self._retry(ended)
            except Exception:  # the edge of a background task: the next run's trace must be sealed all the same
                log.exception("the trace of %s could not be sealed", ended.run)
            finally:
                self._queue.task_done()
            if self._recording.is_busy:
                await asyncio.sleep(min(_LONGEST_REST, _REST * (time.monotonic() - started)))

    async def _seal(self, ended: _Ended) -> None:
        await self._recording.settle(ended.run_id)
        still_open: RunRef | None = None
        for pause in _CLOSING:
            await asyncio.sleep(pause)
            try:
                is_sealed = await self._reader.seal(ended.run, known=ended.locations)
            except WorkflowNotCompletedError as error:
                still_open = error.run
                continue
            except (TraceNotAvailableError, WorkflowNotFoundError):
                return
            if not is_sealed:
                self._retry(ended)
            elif self._meter is not None:
                self._meter.record(time.monotonic() - ended.noted)
            return
        if still_open is not None and still_open.run_id != ended.run_id:
            self._retry(ended)  # a child of it goes on
        else:
            self._seen.pop(ended.run_id, None)  # it did not end after all; it will be noted again

    def _retry(self, ended: _Ended) -> None:
        self._loop.call_later(_RETRY_SECONDS, self._try_again, ended)

    def _try_again(self, ended: _Ended) -> None:
        self._seen.pop(ended.run_id, None)
        self._enqueue(ended)

    async def _sweep_regularly(self) -> None:
        since = datetime.now(UTC) - _LOOK_BACK
        swept_parts = float("-inf")
        while True:
            began = datetime.now(UTC)
            try:
                await self._sweep(since)
                since = began - _OVERLAP
            except (RPCError, RuntimeError) as error:
                log.debug("no sweep for ended runs: %s", error)
            if time.monotonic() - swept_parts > timedelta(hours=1).total_seconds():
                swept_parts = time.monotonic()
                await asyncio.to_thread(self._sweep_parts)
            await asyncio.sleep(self._pace.sweep.total_seconds())
            if self._recording.is_busy:
                await asyncio.sleep(_BUSY_PAUSE)

    async def _sweep(self, since: datetime) -> None:
        queue = self._engine.settings.catalog_id
        found = self._engine.client.list_workflows(
            f"TaskQueue = '{queue}' AND ExecutionStatus != 'Running' AND CloseTime >= '{since.isoformat()}'",
            page_size=_MAX_SWEPT,
            limit=_MAX_SWEPT,
        )
        async for execution in found:
            await self._engine.values.open(execution.raw_info, up_to=0)
            locations = trace_of(execution.raw_info.memo, self._engine)
            if locations is not None and locations != TraceLocations():
                self._enqueue(_Ended(RunRef(execution.id, execution.run_id), locations))

    def _sweep_parts(self) -> None:
        for store in self._stores:
            if isinstance(store, LocalStore):
                try:
                    store.sweep_parts(older_than=_KEEP_PARTS)
                except TraceStoreError as error:
                    log.debug("old trace parts stay: %s", error)
