"""What is wrong with an open run, told from the engine's description and the last failure of its task."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence

from temporalio.api.enums.v1 import EventType, PendingActivityState, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryReverseRequest,
)
from temporalio.converter import PayloadConverter

from output.engine.connection import Engine
from output.engine.descriptions import describe, state_of
from output.engine.event_log import execution_of
from output.engine.failures import read_failure
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.engine.workers import WorkerWatch
from output.errors import WorkflowNotFoundError
from output.models.problems import Problem, ProblemKind
from output.models.references import RunRef
from output.models.runs import RunPage, RunSummary

_FAILING_ATTEMPT = 3  # of a step: from here on it is no passing fault
_MAX_EVENTS, _MAX_BYTES = 51_200, 50 * 1024 * 1024  # where the engine ends a run
_LAST_EVENTS = 20
_AT_ONCE = 8  # runs of a page that are looked at
_TYPES = re.compile(r"type of (?:scheduled )?event '([^']*)' does not match .*? command '([^']*)'")
_EVENT = re.compile(r"HistoryEvent\(id: (\d+), (\w+)\)")
_REMEDY = "Start a worker with the code that began it, or mend the code so that it still does what the history says."


async def find_problem(
    engine: Engine, described: DescribeWorkflowExecutionResponse, workers: WorkerWatch
) -> Problem | None:
    """The most serious problem of a described run; None for one that gets on, or has ended."""
    info = described.workflow_execution_info
    if state_of(info) != "running":
        return None
    run = RunRef(info.execution.workflow_id, info.execution.run_id)
    if described.HasField("pending_workflow_task") and described.pending_workflow_task.attempt > 1:
        failed = await read_last_task_failure(engine, run)
        if failed is not None:
            return describe_task_failure(failed, attempts=described.pending_workflow_task.attempt)
    queue = described.execution_config.task_queue.name or info.task_queue
    if not await workers.is_polled(queue):
        return Problem(
            kind="no_worker",
            message=f"No worker polls the task queue {queue!r}; start one with `output worker`.",
            since=_waiting_since(described),
            attempts=0,
        )
    return step_problem(described.pending_activities, engine.data_converter.payload_converter) or limit_problem(
        info.history_length, info.history_size_bytes
    )


async def read_problem(engine: Engine, run: RunRef, workers: WorkerWatch) -> Problem | None:
    """The same for a run that was not described yet."""
    return await find_problem(engine, await describe(engine, run), workers)


async def with_problems(engine: Engine, workers: WorkerWatch, page: RunPage, *, only: ProblemKind | None) -> RunPage:
    """The page with what is wrong with its running runs; with `only` just those that have that problem."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def look(run: RunSummary) -> RunSummary:
        if run.status != "running":
            return run
        async with places:
            try:
                problem = await read_problem(engine, RunRef(run.workflow_id, run.run_id), workers)
            except WorkflowNotFoundError:
                return run
        return run.model_copy(update={"problem": problem})

    runs = await asyncio.gather(*(look(run) for run in page.runs))
    kept = [run for run in runs if only is None or (run.problem is not None and run.problem.kind == only)]
    return RunPage(runs=kept, count=len(kept), next_page_token=page.next_page_token)


async def read_last_task_failure(engine: Engine, run: RunRef) -> HistoryEvent | None:
    """The last event that tells of a failed workflow task, among the latest."""
    request = GetWorkflowExecutionHistoryReverseRequest(
        namespace=engine.namespace, execution=execution_of(run), maximum_page_size=_LAST_EVENTS
    )
    with translate_rpc_errors(run):
        response = await engine.client.workflow_service.get_workflow_execution_history_reverse(
            request, retry=True, timeout=RPC_TIMEOUT
        )
    for event in response.history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            await engine.values.open(event, up_to=0)
            return event
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            return None  # it has been well since
    return None


def describe_task_failure(event: HistoryEvent, *, attempts: int) -> Problem:
    """What a failed workflow task says about its run."""
    failed = event.workflow_task_failed_event_attributes
    message = failed.failure.message or "its task failed"
    if failed.cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR:
        return Problem(
            kind="code_changed",
            message=f"The code departs from the run's history: {_departure(message)}. {_REMEDY}",
            since=event.event_time.ToMilliseconds(),
            attempts=attempts,
            step=_departed_step(message),
        )
    kind = failed.failure.application_failure_info.type
    return Problem(
        kind="workflow_task_failing",
        message=f"The workflow's task fails again and again: {f'{kind}: ' if kind else ''}{message}",
        since=event.event_time.ToMilliseconds(),
        attempts=attempts,
    )


def step_problem(steps: Sequence[PendingActivityInfo], converter: PayloadConverter) -> Problem | None:
    """The step that has failed most often, from the third attempt on."""
    failing = [
        step
        for step in steps
        if step.HasField("last_failure")
        and (step.attempt >= _FAILING_ATTEMPT)
        and step.state != PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED
    ]
    if not failing:
        return None
    worst = max(failing, key=lambda step: step.attempt)
    error = read_failure(worst.last_failure, converter)
    name = worst.activity_type.name.rpartition("#")[2]
    return Problem(
        kind="step_failing",
        message=f"Step {name!r} is at its attempt {worst.attempt}; the last one failed: {error.name}: {error.message}",
        since=worst.last_started_time.ToMilliseconds(),
        attempts=worst.attempt,
        step=name,
    )


def limit_problem(events: int, size: int) -> Problem | None:
    """A history that is at half of the engine's limit or more."""
    if events * 2 < _MAX_EVENTS and size * 2 < _MAX_BYTES:
        return None
    return Problem(
        kind="near_limit",
        message=f"The history has {events} events and {size} bytes; the engine ends a run at {_MAX_EVENTS} events or "
        f"{_MAX_BYTES} bytes. Continue as new before.",
        since=round(time.time() * 1000),
        attempts=0,
    )


def _departure(message: str) -> str:
    """Which step the history has and which the code wants, where the engine's words tell."""
    types, event = _TYPES.search(message), _EVENT.search(message)
    at = f" (event {event[1]})" if event is not None else ""
    if types is not None:
        return f"it has {_step(types[1])}{at}, where the code wants {_step(types[2])}"
    if event is not None:
        return f"it has {event[2]}{at}, where the code does something else"
    return message.removeprefix("[TMPRL1100] ").rstrip(".")


def _departed_step(message: str) -> str | None:
    types = _TYPES.search(message)
    return types[1].rpartition("#")[2] if types is not None and "#" in types[1] else None


def _step(activity_type: str) -> str:
    return f"step {activity_type.rpartition('#')[2]!r}" if "#" in activity_type else repr(activity_type)


def _waiting_since(described: DescribeWorkflowExecutionResponse) -> int:
    task = described.pending_workflow_task
    if described.HasField("pending_workflow_task") and task.HasField("scheduled_time"):
        return task.scheduled_time.ToMilliseconds()
    return described.workflow_execution_info.start_time.ToMilliseconds()
