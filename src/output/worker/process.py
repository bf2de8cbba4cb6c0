"""One worker process: publish the catalog, run until told to stop, drain."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from output.backoff import Backoff
from output.config.settings import WorkerSettings
from output.engine.catalog import publish
from output.engine.connection import Engine, connect
from output.engine.profile import resolve_target
from output.errors import EngineNotAvailableError
from output.models.catalog import PublishedCatalog
from output.process.readiness import announce
from output.telemetry.metrics_server import metrics_facts
from output.telemetry.provider import Telemetry, open_telemetry
from output.tracing.locations import trace_target
from output.worker.declared_schedules import reconcile_schedules
from output.worker.engine_worker import WorkerParts, build_worker, limited_steps
from output.worker.execution.activity import StepRunner
from output.worker.execution.context import WorkerContext
from output.worker.execution.hooks import AnyHook, HookRunner
from output.worker.execution.registry import build_registry
from output.worker.execution.run_events import worker_starting
from output.worker.execution.step_tasks import contain_tasks_of_steps
from output.worker.metrics import WorkerMetrics, serve_worker_metrics
from output.worker.project.catalog import describe_project
from output.worker.project.discovery import Found
from output.worker.project.layout import Project
from output.worker.tracing.interceptors import tracing
from output.worker.tracing.metrics import SealingMeter

log = structlog.get_logger("output.worker")

# Spread, so that many workers do not come back at the same moment; the engine is looked for often at first: in
# development it starts beside the worker.
_CONNECTING = Backoff(first=timedelta(milliseconds=50), longest=timedelta(seconds=5), factor=1.5, spread=0.3)
_PUBLISHING = Backoff(first=timedelta(milliseconds=100), longest=timedelta(seconds=5), spread=0.3)
_ATTEMPTS_BEFORE_WORD = 8  # some two seconds: an engine that starts beside the worker is no news
_ONE_SIGNAL = 0.25  # seconds; wrappers pass a Ctrl-C on that has reached us already


@dataclass(frozen=True)
class WorkerRun:
    """All that one worker process needs."""

    settings: WorkerSettings
    found: Found
    project: Project
    hooks: Sequence[AnyHook] = ()
    ready_descriptor: int | None = None


async def run_worker(run: WorkerRun) -> None:
    """Serve the project's workflows until SIGTERM or SIGINT, then let running steps end within their grace time.

    A second signal ends the grace time: running steps are stopped, and tried again by another worker.
    """
    stopping, hurrying = asyncio.Event(), asyncio.Event()
    contain_tasks_of_steps(asyncio.get_running_loop())
    _hear_signals(stopping, hurrying)
    telemetry = open_telemetry(run.settings, service="output-worker")
    engine = await _connect_patiently(run.settings, telemetry, stopping)
    if engine is None:
        return
    registry = build_registry(run.found.workflows, run.found.steps)
    hooks = HookRunner(run.hooks)
    metrics = WorkerMetrics(engine) if run.settings.metrics_port is not None else None
    meter = SealingMeter(metrics.registry) if metrics is not None else None
    told = hooks if metrics is None else metrics.counting(hooks)
    runner = StepRunner(registry, engine, told, threads=run.settings.max_concurrent_activities)
    await hooks.report_and_wait(worker_starting(run.settings.catalog_id, registry.workflows))
    worker_context = WorkerContext(
        frozenset(registry.workflows),
        trace_target(run.settings, run.project.root),
        told,
        engine.limits,
        run.settings.approval_links,
        keeps_limits=True,
    )
    sandbox = run.project if run.settings.protection == "sandbox" else None
    async with (
        serve_worker_metrics(run.settings, metrics) as metrics_port,
        tracing(engine, run.settings, run.project.root, registry, telemetry, meter=meter) as interceptors,
        _working(engine, run.settings, WorkerParts(registry, runner, worker_context, interceptors, sandbox)),
    ):
        await _publish_patiently(engine, _catalog(run), stopping)
        names = sorted(registry.workflows)
        log.info("worker ready", catalog=run.settings.catalog_id, workflows=names)
        announce(run.ready_descriptor, {"workflows": names, **metrics_facts(metrics_port)})
        await stopping.wait()
        log.info("worker draining", grace_seconds=run.settings.shutdown_grace.total_seconds())
        stop_steps = asyncio.create_task(_when(hurrying, runner.stop_steps))
    stop_steps.cancel()
    runner.close()
    if telemetry is not None:
        telemetry.close()
    await hooks.close()
    log.info("worker stopped")


@asynccontextmanager
async def _working(engine: Engine, settings: WorkerSettings, parts: WorkerParts) -> AsyncGenerator[None]:
    async with build_worker(engine, settings, parts), limited_steps(engine, settings, parts):
        yield


def _hear_signals(stopping: asyncio.Event, hurrying: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    first: list[float] = []

    def hear() -> None:
        stopping.set()
        first.append(loop.time())
        if first[-1] - first[0] > _ONE_SIGNAL:
            hurrying.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, hear)


async def _when(event: asyncio.Event, act: Callable[[], None]) -> None:
    await event.wait()
    act()


async def _connect_patiently(
    settings: WorkerSettings, telemetry: Telemetry | None, stopping: asyncio.Event
) -> Engine | None:
    """Connect, trying again while the engine is away; None when told to stop meanwhile."""
    attempt = 0
    while not stopping.is_set():
        try:
            return await connect(settings, telemetry=telemetry, counts=settings.metrics_port is not None)
        except RuntimeError as error:
            if attempt == _ATTEMPTS_BEFORE_WORD:
                log.warning("waiting for the engine", address=resolve_target(settings).address, reason=str(error))
        attempt += 1
        await _pause(stopping, _CONNECTING.pause(attempt))
    return None


def _catalog(run: WorkerRun) -> PublishedCatalog:
    """What is published; scenarios are a developer's, and may hold what production should not show."""
    folder = None if run.settings.is_production else run.project.root
    return describe_project(run.found.workflows, scenarios_below=folder)


async def _publish_patiently(engine: Engine, catalog: PublishedCatalog, stopping: asyncio.Event) -> None:
    attempt = 0
    while not stopping.is_set():
        try:
            changed = await publish(engine, catalog)
            await reconcile_schedules(engine, catalog)
        except EngineNotAvailableError as error:
            log.warning("catalog not published yet", reason=error.message)
            attempt += 1
            await _pause(stopping, _PUBLISHING.pause(attempt))
        else:
            log.info("catalog published" if changed else "catalog unchanged", catalog=engine.settings.catalog_id)
            return


async def _pause(stopping: asyncio.Event, pause: timedelta) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), pause.total_seconds())
    except TimeoutError:
        return
