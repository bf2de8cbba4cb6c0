"""Stopping, terminating and resetting runs."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import timedelta

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
    _, event = await _locate(engine, pinned, point)
    request = ResetWorkflowExecutionRequest(
        namespace=engine.namespace,
        workflow_execution=execution_of(pinned),
        reason=reason or f"reset to {point}",
        workflow_task_finish_event_id=event,
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
    story, event = await _locate(engine, await _pin(engine, run), point)
    keeps, redoes, drops = story.preview(event)
    return ResetPreview(keeps=keeps, redoes=redoes, drops=drops)


async def _locate(engine: Engine, run: RunRef, point: ResetPoint) -> tuple[RunStory, int]:
    """What the run's history tells, and the event to reset to."""
    if point.step_name is not None:
        return await _locate_step(engine, run, point.step_name)
    story = await _read_story(engine, run)
    event = story.start_point() if point.to == "start" else story.failure_point()
    if event is None:
        why = "has not begun" if point.to == "start" else "has not failed"
        raise NothingToResetError(f"Workflow {run} {why}, so there is nothing to redo.", run=run)
    return story, event


async def _locate_step(engine: Engine, run: RunRef, step_name: str) -> tuple[RunStory, int]:
    """The same for a step; a task that is about to take in its completion is waited for."""
    deadline = asyncio.get_running_loop().time() + _TASK_SOON.total_seconds()
    while True:
        story = await _read_story(engine, run)
        occurrences = story.occurrences(step_name)
        if not occurrences:
            raise StepNotFoundError(step_name, known=story.step_names(), run=run)
        if all(each.ended is None for each in occurrences):
            raise StepNotCompletedError(step_name, run=run)
        event = story.point_after(occurrences)
        if event is not None:
            return story, event
        is_open = state_of((await describe(engine, run)).workflow_execution_info) == "running"
        if not is_open or asyncio.get_running_loop().time() > deadline:
            raise StepNotCompletedError(step_name, run=run)
        await asyncio.sleep(_PAUSE)


async def _read_story(engine: Engine, run: RunRef) -> RunStory:
    story = RunStory()
    async for event in read_events(engine, run):
        story.take(event)
    return story


async def _pin(engine: Engine, run: RunRef) -> RunRef:
    """The run that is meant, with its ID."""
    execution = (await describe(engine, run)).workflow_execution_info.execution
    return RunRef(execution.workflow_id, execution.run_id)
