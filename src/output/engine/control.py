"""Stopping, terminating and resetting runs."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import (
    RequestCancelWorkflowExecutionRequest,
    ResetWorkflowExecutionRequest,
    TerminateWorkflowExecutionRequest,
)

from output.engine.connection import Engine
from output.engine.descriptions import describe, state_of
from output.engine.event_log import execution_of, read_events
from output.engine.reset_points import RunStory
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.errors import NothingToResetError, StepNotCompletedError, StepNotFoundError
from output.models.messages import ResetPreview, ResetTarget
from output.models.references import RunRef

_DEFAULT_REASON = "through the API"
_TASK_SOON = timedelta(seconds=3)  # for the task that takes in a step's completion to begin
_PAUSE = 0.05


async def stop(engine: Engine, run: RunRef) -> RunRef:
    """Ask a run to end, with its clean-up; one that has ended is left as it is. Raises WorkflowNotFoundError."""
    request = RequestCancelWorkflowExecutionRequest(
        namespace=engine.namespace,
        workflow_execution=execution_of(run),
        identity=engine.client.identity,
        request_id=str(uuid.uuid4()),
        reason=_DEFAULT_REASON,
    )
    pinned = await _pin(engine, run)
    with translate_rpc_errors(run):
        await engine.client.workflow_service.request_cancel_workflow_execution(request, retry=True, timeout=RPC_TIMEOUT)
    return pinned if run.run_id is not None else await _pin(engine, run)


async def terminate(engine: Engine, run: RunRef, *, reason: str | None) -> RunRef:
    """End a run at once. Raises WorkflowNotFoundError, WorkflowAlreadyClosedError."""
    request = TerminateWorkflowExecutionRequest(
        namespace=engine.namespace,
        workflow_execution=execution_of(run),
        identity=engine.client.identity,
        reason=reason or _DEFAULT_REASON,
    )
    pinned = await _pin(engine, run)
    with translate_rpc_errors(pinned):
        await engine.client.workflow_service.terminate_workflow_execution(request, retry=True, timeout=RPC_TIMEOUT)
    return pinned if run.run_id is not None else await _pin(engine, run)


@dataclass(frozen=True, kw_only=True)
class ResetPoint:
    """From where a run is redone: a step's name (or `<workflow>#<step>`), its start, or what made it fail."""

    step_name: str | None = None
    to: ResetTarget | None = None

    def __str__(self) -> str:
        return f"step {self.step_name}" if self.step_name is not None else str(self.to)


async def reset(engine: Engine, run: RunRef, point: ResetPoint, *, reason: str | None) -> RunRef:
    """Replace a run, open or closed, by one that knows all up to a point and redoes what follows.

    Of several occurrences of a step the one that completed last counts. Signals and updates that came after the
    point are kept. Raises StepNotFoundError, StepNotCompletedError, NothingToResetError.
    """
    pinned = await _pin(engine, run)
    request = ResetWorkflowExecutionRequest(
        namespace=engine.namespace,
        workflow_execution=execution_of(pinned),
        reason=reason or f"reset to {point}",
        workflow_task_finish_event_id=await _event_of(engine, pinned, point),
        request_id=str(uuid.uuid4()),
        identity=engine.client.identity,
    )
    with translate_rpc_errors(pinned):
        response = await engine.client.workflow_service.reset_workflow_execution(
            request, retry=True, timeout=RPC_TIMEOUT
        )
    return RunRef(run.workflow_id, response.run_id)


async def preview_reset(engine: Engine, run: RunRef, point: ResetPoint) -> ResetPreview:
    """What a reset would keep, redo and drop; changes nothing. Raises what `reset` raises."""
    pinned = await _pin(engine, run)
    event = await _event_of(engine, pinned, point)
    keeps, redoes, drops = (await _story(engine, pinned)).preview(event)
    return ResetPreview(keeps=keeps, redoes=redoes, drops=drops)


async def _event_of(engine: Engine, run: RunRef, point: ResetPoint) -> int:
    """The event to reset to."""
    if point.step_name is not None:
        return await _find_reset_point(engine, run, point.step_name)
    story = await _story(engine, run)
    event = story.start_point() if point.to == "start" else story.failure_point()
    if event is None:
        why = "has not begun" if point.to == "start" else "has not failed"
        raise NothingToResetError(f"Workflow {run} {why}, so there is nothing to redo.", run=run)
    return event


async def _story(engine: Engine, run: RunRef) -> RunStory:
    story = RunStory()
    async for event in read_events(engine, run):
        story.take(event)
    return story


@dataclass
class _Steps:
    """What a history tells about steps; numbers are event IDs."""

    wanted: str
    known: set[str] = field(default_factory=set[str])
    scheduled: set[int] = field(default_factory=set[int])
    completed: int | None = None
    point: int | None = None

    def take(self, event: HistoryEvent) -> None:
        """Note the next event."""
        match event.event_type:
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                kind = event.activity_task_scheduled_event_attributes.activity_type.name
                name = kind.rpartition("#")[2]
                self.known.add(name)
                if self.wanted in {kind, name}:
                    self.scheduled.add(event.event_id)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                if event.activity_task_completed_event_attributes.scheduled_event_id in self.scheduled:
                    self.completed, self.point = event.event_id, None
            case EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                # The engine resets to what follows the start of a task, which is the first to know the completion.
                if self.completed is not None and self.point is None:
                    self.point = event.event_id + 1
            case _:
                pass


async def _find_reset_point(engine: Engine, run: RunRef, step_name: str) -> int:
    """The event to reset to; a task that is about to take in the completion is waited for."""
    deadline = asyncio.get_running_loop().time() + _TASK_SOON.total_seconds()
    while True:
        steps = _Steps(step_name)
        last = 0
        async for event in read_events(engine, run):
            steps.take(event)
            last = event.event_id
        if not steps.scheduled:
            raise StepNotFoundError(step_name, known=sorted(steps.known), run=run)
        if steps.completed is None:
            raise StepNotCompletedError(step_name, run=run)
        if steps.point is not None and steps.point <= last:
            return steps.point
        is_open = state_of((await describe(engine, run)).workflow_execution_info) == "running"
        if not is_open or asyncio.get_running_loop().time() > deadline:
            raise StepNotCompletedError(step_name, run=run)
        await asyncio.sleep(_PAUSE)


async def _pin(engine: Engine, run: RunRef) -> RunRef:
    """The run that is meant, with its ID."""
    execution = (await describe(engine, run)).workflow_execution_info.execution
    return RunRef(execution.workflow_id, execution.run_id)
