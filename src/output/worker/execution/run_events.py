"""What hooks are told of a worker and of its runs, from inside the run and never on replay."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from temporalio import workflow
from temporalio.exceptions import FailureError

from output.authoring.error_matching import raised_of
from output.authoring.hooks import HookEvent, WorkerStarting, WorkflowEnded, WorkflowFailed, WorkflowStarted
from output.engine.failures import read_raised
from output.worker.execution.hooks import Hooks
from output.worker.execution.runtime import EngineRuntime


class RunEvents:
    """Tells the hooks how one run goes; a run's code may raise while it is put out of the cache: that is not told."""

    def __init__(self, runtime: EngineRuntime, hooks: Hooks) -> None:
        self._runtime, self._hooks = runtime, hooks

    def started(self) -> None:
        self._report(WorkflowStarted, "start")

    def ended(self, status: Literal["completed", "canceled", "continued_as_new"]) -> None:
        self._report(WorkflowEnded, "end", status=status)

    def failed(self, error: BaseException) -> None:
        raised = read_raised(error) if isinstance(error, FailureError) else raised_of(error)
        self._report(WorkflowFailed, "error", error=raised)

    def _report(self, kind: type[WorkflowStarted], what: str, **facts: object) -> None:
        if not workflow.in_workflow() or workflow.unsafe.is_replaying():
            return
        run = self._runtime.run
        event: HookEvent = kind(
            event_id=f"{run.run_id}:{what}",
            time=workflow.now(),
            workflow=run.workflow,
            workflow_id=run.workflow_id,
            run_id=run.run_id,
            **facts,
        )
        self._hooks.report(event)


def worker_starting(catalog: str, workflows: Iterable[str]) -> WorkerStarting:
    """The event before a worker takes work."""
    return WorkerStarting(
        event_id=str(uuid.uuid4()), time=datetime.now(UTC), catalog=catalog, workflows=tuple(sorted(workflows))
    )
