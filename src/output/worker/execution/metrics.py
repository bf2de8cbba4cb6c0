"""What a worker counts: runs, attempts of steps, how long they take and with what they fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from cachetools import LRUCache
from prometheus_client import CollectorRegistry, Counter
from temporalio import activity, workflow

from output.authoring.hooks import (
    Emitted,
    HookEvent,
    StepEnded,
    StepFailed,
    StepStarted,
    WorkflowEnded,
    WorkflowFailed,
    WorkflowStarted,
)
from output.telemetry.metrics import Bounded, durations
from output.worker.execution.hooks import Hooks

_NAMES, _ERRORS = 500, 100  # names of workflows and steps, and of errors, that are told apart
_RUNNING = 10_000


class CountingHooks:
    """Counts the events that hooks are told of, on the worker's loop, and passes them on."""

    def __init__(self, following: Hooks, registry: CollectorRegistry) -> None:
        self._following = following
        self._loop = asyncio.get_running_loop()
        self._started = LRUCache[str, datetime](_RUNNING)
        self._workflows, self._steps, self._errors = Bounded(_NAMES), Bounded(_NAMES), Bounded(_ERRORS)
        self._runs_started = Counter(
            "output_runs_started", "Runs whose code has begun.", ["workflow"], registry=registry
        )
        self._runs_ended = Counter(
            "output_runs_ended",
            "Runs whose code has ended; one that was terminated or timed out is the engine's to tell.",
            ["workflow", "status"],
            registry=registry,
        )
        self._run_seconds = durations(
            registry, "output_run_duration_seconds", "From a run's start to its end.", ["workflow", "status"]
        )
        self._attempts = Counter(
            "output_step_attempts", "Attempts of steps.", ["workflow", "step", "outcome"], registry=registry
        )
        self._retries = Counter(
            "output_step_retries", "Attempts of steps after a first one.", ["workflow", "step"], registry=registry
        )
        self._step_seconds = durations(
            registry, "output_step_duration_seconds", "How long attempts of steps took.", ["workflow", "step"]
        )
        self._waits = durations(
            registry,
            "output_step_schedule_to_start_seconds",
            "How long attempts of steps waited for a worker.",
            ["task_queue"],
        )
        self._failures = Counter(
            "output_failures", "Failures by name of the error.", ["kind", "workflow", "name"], registry=registry
        )

    def report(self, event: HookEvent) -> None:
        # Away from workflow code, which may read no clock, as a counter does when it is new.
        count = self._reading(event)
        if count is not None:
            self._loop.call_soon_threadsafe(count)
        self._following.report(event)

    def _reading(self, event: HookEvent) -> Callable[[], None] | None:
        """How an event is counted; what only its own context knows is read here."""
        match event:
            case WorkflowStarted():
                return self._reading_run(event)
            case StepStarted():
                return self._reading_attempt(event)
            case _:
                return None

    def _reading_run(self, event: WorkflowStarted) -> Callable[[], None]:
        took = event.time - workflow.info().start_time
        match event:
            case WorkflowEnded(status=status):
                return lambda: self._end_run(event, status, took)
            case WorkflowFailed():
                return lambda: self._fail_run(event, took)
            case _:
                return lambda: self._runs_started.labels(self._workflows(event.workflow)).inc()

    def _reading_attempt(self, event: StepStarted) -> Callable[[], None] | None:
        match event:
            case Emitted():
                return None
            case StepEnded():
                return lambda: self._end_attempt(event, "completed")
            case StepFailed():
                return lambda: self._fail_attempt(event)
            case _:
                info = activity.info()
                # Both by the engine's clock.
                waited, queue = info.started_time - info.current_attempt_scheduled_time, info.task_queue
                return lambda: self._start_attempt(event, waited, queue)

    def _end_run(self, event: WorkflowStarted, status: str, took: timedelta) -> None:
        labels = (self._workflows(event.workflow), status)
        self._runs_ended.labels(*labels).inc()
        self._run_seconds.labels(*labels).observe(max(0.0, took.total_seconds()))

    def _fail_run(self, event: WorkflowFailed, took: timedelta) -> None:
        self._end_run(event, "failed", took)
        self._failures.labels("run", self._workflows(event.workflow), self._errors(event.error.name)).inc()

    def _start_attempt(self, event: StepStarted, waited: timedelta, queue: str) -> None:
        self._started[_attempt_of(event)] = event.time
        self._waits.labels(queue).observe(max(0.0, waited.total_seconds()))
        if event.attempt > 1:
            self._retries.labels(self._workflows(event.workflow), self._steps(event.step)).inc()

    def _end_attempt(self, event: StepStarted, outcome: str) -> None:
        labels = self._workflows(event.workflow), self._steps(event.step)
        self._attempts.labels(*labels, outcome).inc()
        started = self._started.pop(_attempt_of(event), None)
        if started is not None:
            self._step_seconds.labels(*labels).observe(max(0.0, (event.time - started).total_seconds()))

    def _fail_attempt(self, event: StepFailed) -> None:
        self._end_attempt(event, "failed")
        self._failures.labels("step", self._workflows(event.workflow), self._errors(event.error.name)).inc()


def _attempt_of(event: StepStarted) -> str:
    return event.event_id.rpartition(":")[0]
