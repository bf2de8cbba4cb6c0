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
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from output.config.settings import WorkerSettings
from output.engine.connection import Engine
from output.engine.payloads.converter import to_payload
from output.engine.traces.step_events import STEP_KIND_HEADER
from output.telemetry.provider import Telemetry
from output.tracing.recorder import SpanObserver
from output.tracing.stores.factory import open_stores
from output.tracing.stores.writer import open_writers
from output.tracing.thread_context import carry_into_threads
from output.worker.execution.registry import Registry
from output.worker.tracing.metrics import SealingMeter
from output.worker.tracing.recording import ObservingInterceptor, RecordingInterceptor, TraceRecording
from output.worker.tracing.sealing import SealingPace, TraceSealer

_CLOSE_SECONDS = 3.0
_SWEEP_IN_DEVELOPMENT = timedelta(seconds=1)
_SWEEP = timedelta(seconds=30)


class TraceInterceptor(Interceptor):
    """Records attempts and notes the end of runs; workflows that `is_traced` denies are left alone."""

    def __init__(self, recording: TraceRecording, sealer: TraceSealer, registry: Registry) -> None:
        self._recording, self._sealer, self._registry = recording, sealer, registry

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 — the SDK's
        return RecordingInterceptor(next, self._recording, self._registry.is_traced)

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 — the SDK's
    ) -> type[WorkflowInboundInterceptor] | None:
        del input
        sealer, is_traced, kind_of = self._sealer, self._registry.is_traced, self._registry.kind_of

        class EndOfRun(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(_ReportKinds(outbound, kind_of))

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 — the SDK's
                try:
                    return await self.next.execute_workflow(input)
                finally:
                    _record_end(sealer, is_traced)

        return EndOfRun


@asynccontextmanager
async def tracing(
    engine: Engine,
    settings: WorkerSettings,
    project: Path,
    registry: Registry,
    telemetry: Telemetry | None = None,
    *,
    meter: SealingMeter | None = None,
) -> AsyncGenerator[list[Interceptor]]:
    """The interceptors that trace, none when tracing is off; what they wrote is stored on leaving."""
    stores = open_stores(settings, project)
    observer = _observer(telemetry)
    if stores or observer is not None:
        carry_into_threads()
    if not stores:
        yield [] if observer is None else [ObserverInterceptor(observer)]
        return
    recording = TraceRecording(open_writers(stores), verbose_http=settings.trace_http_verbose, observer=observer)
    pace = SealingPace(_SWEEP if settings.is_production else _SWEEP_IN_DEVELOPMENT)
    sealer = TraceSealer(engine, stores, recording, pace, meter)
    try:
        async with sealer.running():
            yield [TraceInterceptor(recording, sealer, registry)]
    finally:
        recording.close(seconds=_CLOSE_SECONDS)


class ObserverInterceptor(Interceptor):
    """Tells an observer of the spans of steps, where traces are kept nowhere."""

    def __init__(self, observer: SpanObserver) -> None:
        self._observer = observer

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 — the SDK's
        return ObservingInterceptor(next, self._observer)


def _observer(telemetry: Telemetry | None) -> SpanObserver | None:
    if telemetry is None:
        return None
    from output.telemetry.spans import OtelSpans

    return OtelSpans(telemetry.tracer)


class _ReportKinds(WorkflowOutboundInterceptor):
    """Says in an activity's header what it is, where its type does not: the history must tell it to the trace."""

    def __init__(self, inner: WorkflowOutboundInterceptor, kind_of: Callable[[str], str]) -> None:
        super().__init__(inner)
        self._kind_of = kind_of

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002 — the SDK's
        kind = self._kind_of(input.activity)
        if kind == "evaluator":
            input.headers = {**input.headers, STEP_KIND_HEADER: to_payload(b'"evaluator"')}
        return super().start_activity(input)


def _record_end(sealer: TraceSealer, is_traced: Callable[[str], bool]) -> None:
    # The code is left, too, when a run is put out of the cache: noted without need, it is found open and left alone.
    with suppress(Exception):
        info = workflow.info()
        if is_traced(info.workflow_type) and not workflow.unsafe.is_replaying():
            sealer.record_end(info.workflow_id, info.run_id)
