"""Tracing of one worker process: records attempts, seals ended runs, publishes where traces lie."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import workflow
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteWorkflowInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from output.engine.connect import Engine
from output.settings import WorkerSettings
from output.tracing.stores.opening import open_stores
from output.tracing.stores.writer import open_writers
from output.tracing.threads import carry_into_threads
from output.worker.trace_recording import RecordingInterceptor, TraceRecording
from output.worker.trace_sealing import SealingPace, TraceSealer

_CLOSE_SECONDS = 3.0
_SWEEP_IN_DEVELOPMENT = timedelta(seconds=1)
_SWEEP = timedelta(seconds=30)


class TraceInterceptor(Interceptor):
    """Records attempts and notes the end of runs; workflows that `is_traced` denies are left alone."""

    def __init__(self, recording: TraceRecording, sealer: TraceSealer, is_traced: Callable[[str], bool]) -> None:
        self._recording, self._sealer, self._is_traced = recording, sealer, is_traced

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 — the SDK's
        return RecordingInterceptor(next, self._recording, self._is_traced)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 — the SDK's
    ) -> type[WorkflowInboundInterceptor] | None:
        del input
        sealer, is_traced = self._sealer, self._is_traced

        class EndOfRun(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 — the SDK's
                try:
                    return await self.next.execute_workflow(input)
                finally:
                    _note_end(sealer, is_traced)

        return EndOfRun


@asynccontextmanager
async def tracing(
    engine: Engine, settings: WorkerSettings, project: Path, is_traced: Callable[[str], bool]
) -> AsyncGenerator[list[Interceptor]]:
    """The interceptors that trace, none when tracing is off; what they wrote is stored on leaving."""
    stores = open_stores(settings, project)
    if not stores:
        yield []
        return
    carry_into_threads()
    recording = TraceRecording(open_writers(stores), verbose_http=settings.trace_http_verbose)
    pace = SealingPace(_SWEEP if settings.is_production else _SWEEP_IN_DEVELOPMENT)
    sealer = TraceSealer(engine, stores, recording, pace)
    try:
        async with sealer.running():
            yield [TraceInterceptor(recording, sealer, is_traced)]
    finally:
        recording.close(seconds=_CLOSE_SECONDS)


def _note_end(sealer: TraceSealer, is_traced: Callable[[str], bool]) -> None:
    # The code is left, too, when a run is put out of the cache: noted without need, it is found open and left alone.
    with suppress(Exception):
        info = workflow.info()
        if is_traced(info.workflow_type) and not workflow.unsafe.is_replaying():
            sealer.note_end(info.workflow_id, info.run_id)
