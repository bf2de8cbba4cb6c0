"""The engine's worker, put together from our workflows and steps."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio.worker import Interceptor, UnsandboxedWorkflowRunner, Worker

from output.config.settings import WorkerSettings
from output.engine.connection import Engine
from output.version import VERSION
from output.worker.determinism.sandbox import generate_sandboxed, sandbox_runner
from output.worker.execution.activity import StepRunner, activity_function
from output.worker.execution.catalog_workflow import CatalogWorkflow
from output.worker.execution.context import WorkerContext
from output.worker.execution.limit_workflow import LimitWorkflow
from output.worker.execution.limiter import Limiters
from output.worker.execution.limits import QUEUE_SUFFIX
from output.worker.execution.registry import Registry
from output.worker.execution.workflow_class import generate
from output.worker.project.layout import Project
from output.worker.webhooks.activities import open_activities
from output.worker.webhooks.workflow import WebhookWorkflow

STICKY_TIMEOUT = timedelta(seconds=5)  # what a crash of this worker costs a cached run before another takes it
_HEARTBEATS = timedelta(seconds=2)
_MOST_WAITING = 200  # attempts of limited steps that one process holds, waiting or running


@dataclass(frozen=True)
class WorkerParts:
    """What a worker runs; with `sandbox` the workflows of that project run in the engine's sandbox."""

    registry: Registry
    runner: StepRunner
    worker_context: WorkerContext
    interceptors: Sequence[Interceptor] = ()
    sandbox: Project | None = None


def build_worker(engine: Engine, settings: WorkerSettings, parts: WorkerParts) -> Worker:
    """The engine's worker with our workflows and the one activity behind all steps."""
    build = generate if parts.sandbox is None else generate_sandboxed
    classes = [build(definition, parts.worker_context) for definition in parts.registry.workflows.values()]
    worker = Worker(
        engine.client,
        task_queue=settings.catalog_id,
        # Without one the SDK loads the code of every module to hash it: 0.1 s, and 0.8 where nothing is compiled.
        build_id=f"output-{VERSION}",
        workflows=[CatalogWorkflow, LimitWorkflow, WebhookWorkflow, *classes],
        interceptors=parts.interceptors,
        activities=[activity_function(parts.runner), *open_activities(engine, settings).all()],
        workflow_runner=UnsandboxedWorkflowRunner() if parts.sandbox is None else sandbox_runner(parts.sandbox),
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        max_concurrent_activities=settings.max_concurrent_activities,
        max_concurrent_local_activities=settings.max_concurrent_quick_steps,
        max_concurrent_workflow_task_polls=settings.max_workflow_pollers,
        max_concurrent_activity_task_polls=settings.max_activity_pollers,
        max_heartbeat_throttle_interval=_HEARTBEATS,
        default_heartbeat_throttle_interval=_HEARTBEATS,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=settings.shutdown_grace,
    )
    parts.runner.heartbeats.connect(worker, engine.client.data_converter)
    return worker


@asynccontextmanager
async def limited_steps(engine: Engine, settings: WorkerSettings, parts: WorkerParts) -> AsyncGenerator[None]:
    """Run the limited steps from a queue of their own while the context lasts: those that wait hold up no others."""
    if not any(step.limit for steps in parts.registry.steps_by_name.values() for step in steps):
        yield
        return
    limiters = parts.runner.limiters = Limiters(engine.client, settings.catalog_id)
    worker = Worker(
        engine.client,
        task_queue=settings.catalog_id + QUEUE_SUFFIX,
        build_id=f"output-{VERSION}",
        interceptors=parts.interceptors,
        activities=[activity_function(parts.runner)],
        max_concurrent_activities=_MOST_WAITING,
        max_heartbeat_throttle_interval=_HEARTBEATS,
        default_heartbeat_throttle_interval=_HEARTBEATS,
        graceful_shutdown_timeout=settings.shutdown_grace,
    )
    try:
        async with worker:
            yield
    finally:
        await limiters.close()
