"""Starting runs, waiting for their end, and reading how they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from pydantic import JsonValue
from temporalio.api.common.v1 import Memo, Payload, Payloads
from temporalio.api.enums.v1 import EventType, HistoryEventFilterType, WorkflowExecutionStatus
from temporalio.api.history.v1 import HistoryEvent, WorkflowExecutionStartedEventAttributes
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryRequest,
)
from temporalio.common import WorkflowIDConflictPolicy

from output.engine.connection import Engine
from output.engine.event_log import execution_of, read_start
from output.engine.failures import read_failure
from output.engine.payloads.converter import Encoded, load_json, payload_json
from output.engine.rpc_errors import RPC_TIMEOUT, engine_faults
from output.errors import RunRef, WorkflowNotCompletedError, WorkflowNotFoundError
from output.models.runs import ConflictPolicy, ErrorInfo, RunInput, RunResult, RunState, RunStatus, TraceLocations
from output.tracing.locations import of_run

PAYLOAD_VERSION = "2"

_CONFLICT = {
    "fail": WorkflowIDConflictPolicy.FAIL,
    "use_existing": WorkflowIDConflictPolicy.USE_EXISTING,
    "terminate_existing": WorkflowIDConflictPolicy.TERMINATE_EXISTING,
}
_STATES: Mapping[int, RunState] = {
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED: "completed",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED: "failed",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED: "canceled",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED: "terminated",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT: "timed_out",
    WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW: "continued_as_new",
}
_END_STATES: Mapping[int, RunState] = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: "completed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: "failed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: "canceled",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: "terminated",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: "timed_out",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: "continued_as_new",
}


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A run to start; `input` is JSON, `trace` goes into its memo."""

    workflow: str
    input: bytes
    workflow_id: str
    task_queue: str
    execution_timeout: timedelta
    conflict_policy: ConflictPolicy = "fail"
    trace: TraceLocations | None = None


@dataclass(frozen=True)
class RunEnd:
    """How one run ended; `successor` is the run that goes on in its place, if any."""

    run: RunRef
    state: RunState
    output: JsonValue = None
    error: ErrorInfo | None = None
    successor: str | None = None


def memo_of(trace: TraceLocations | None) -> dict[str, JsonValue]:
    """What every run's memo holds."""
    memo: dict[str, JsonValue] = {"payloadVersion": PAYLOAD_VERSION}
    if trace is not None:
        memo["trace"] = trace.model_dump(by_alias=True, exclude_none=True)
    return memo


async def start(engine: Engine, new: NewRun) -> RunRef:
    """Start a run, or attach to a running one; the answer names the run.

    Raises WorkflowAlreadyStartedError, EngineNotAvailableError.
    """
    with engine_faults(RunRef(new.workflow_id)):
        handle = await engine.client.start_workflow(
            new.workflow,
            Encoded(new.input),
            id=new.workflow_id,
            task_queue=new.task_queue,
            id_conflict_policy=_CONFLICT[new.conflict_policy],
            execution_timeout=new.execution_timeout,
            memo=memo_of(new.trace),
            rpc_timeout=RPC_TIMEOUT,
        )
    return RunRef(handle.id, handle.result_run_id)


async def wait_for_end(engine: Engine, run: RunRef) -> RunEnd:
    """Wait as long as it takes for the end of an execution: across continue-as-new, retries and resets."""
    while True:
        end = await _wait_for_run(engine, run)
        successor = end.successor
        if successor is None and end.state == "terminated":
            successor = await _reset_of(engine, end.run)
        if successor is None:
            return end
        run = RunRef(run.workflow_id, successor)


async def describe(engine: Engine, run: RunRef) -> DescribeWorkflowExecutionResponse:
    """The engine's own description; raises WorkflowNotFoundError."""
    request = DescribeWorkflowExecutionRequest(namespace=engine.namespace, execution=execution_of(run))
    with engine_faults(run):
        return await engine.client.workflow_service.describe_workflow_execution(
            request, retry=True, timeout=RPC_TIMEOUT
        )


async def read_status(engine: Engine, run: RunRef) -> RunStatus:
    """Where a run stands now."""
    info = (await describe(engine, run)).workflow_execution_info
    return RunStatus(
        workflow_id=info.execution.workflow_id,
        run_id=info.execution.run_id,
        status=state_of(info),
        started_at=info.start_time.ToMilliseconds(),
        completed_at=info.close_time.ToMilliseconds() if info.HasField("close_time") else None,
    )


async def read_input(engine: Engine, run: RunRef) -> RunInput:
    """What a run was started with; without a run ID, what the first run of its chain was started with."""
    info = (await describe(engine, run)).workflow_execution_info
    pinned = RunRef(info.execution.workflow_id, info.execution.run_id)
    started = await _read_first_start(engine, pinned, info, of_chain=run.run_id is None)
    return RunInput(workflow_id=pinned.workflow_id, run_id=cast("str", pinned.run_id), input=_values(started.input))


async def read_result(engine: Engine, run: RunRef, *, wait: timedelta | None = None) -> RunResult:
    """How a run ended; waits for it first if told to. Raises WorkflowNotCompletedError while it is open."""
    if wait is not None:
        info = (await describe(engine, run)).workflow_execution_info
        if state_of(info) == "running":
            try:
                async with asyncio.timeout(wait.total_seconds()):
                    if run.run_id is None:
                        run = (await wait_for_end(engine, RunRef(run.workflow_id, info.execution.run_id))).run
                    else:
                        await _wait_for_run(engine, run)
            except TimeoutError:
                raise WorkflowNotCompletedError(RunRef(run.workflow_id, info.execution.run_id)) from None
    info = (await describe(engine, run)).workflow_execution_info
    pinned = RunRef(info.execution.workflow_id, info.execution.run_id)
    if state_of(info) == "running":
        raise WorkflowNotCompletedError(pinned)
    started, end = await asyncio.gather(
        _read_first_start(engine, pinned, info, of_chain=run.run_id is None), _wait_for_run(engine, pinned)
    )
    return result_of(end, input=_values(started.input), trace=locations_of(info, engine))


async def read_trace_locations(engine: Engine, run: RunRef) -> TraceLocations | None:
    """Where the run's memo says that its trace lies."""
    return locations_of((await describe(engine, run)).workflow_execution_info, engine)


def result_of(end: RunEnd, *, input: JsonValue, trace: TraceLocations | None) -> RunResult:  # noqa: A002 — the wire's word
    """The result payload of an ended run."""
    return RunResult(
        workflow_id=end.run.workflow_id,
        run_id=cast("str", end.run.run_id),
        status=end.state,
        input=input,
        output=end.output,
        trace=trace,
        error=end.error,
    )


def state_of(info: WorkflowExecutionInfo) -> RunState:
    """The state of a described run; what is neither closed nor known counts as running."""
    return _STATES.get(info.status, "running")


def locations_of(info: WorkflowExecutionInfo, engine: Engine) -> TraceLocations | None:
    """Where a run's trace lies: as its memo says, but a reset has the memo of the run that it replaces."""
    found = trace_of(info.memo, engine)
    run_id = info.execution.run_id
    if found is None or not info.first_run_id or info.first_run_id == run_id:
        return found
    return of_run(found, run_id)


def trace_of(memo: Memo, engine: Engine) -> TraceLocations | None:
    """The trace locations in a memo."""
    payload = memo.fields.get("trace")
    if payload is None:
        return None
    value: object = engine.data_converter.payload_converter.from_payload(payload)
    return TraceLocations.model_validate(value) if isinstance(value, Mapping) else None


async def _wait_for_run(engine: Engine, run: RunRef) -> RunEnd:
    """Wait for the end of exactly one run; one engine call when it ends within the engine's long poll of 20 s."""
    request = GetWorkflowExecutionHistoryRequest(
        namespace=engine.namespace,
        execution=execution_of(run),
        wait_new_event=True,
        skip_archival=True,
        history_event_filter_type=HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
    )
    while True:
        with engine_faults(run):
            reply = await engine.client.workflow_service.get_workflow_execution_history(request, retry=True)
        if reply.history.events:
            return await _read_end(engine, run, reply.history.events[-1])
        request.next_page_token = reply.next_page_token


async def _read_end(engine: Engine, run: RunRef, event: HistoryEvent) -> RunEnd:
    end = RunEnd(run, _END_STATES[event.event_type])
    match end.state:
        case "completed":
            completed = event.workflow_execution_completed_event_attributes
            successor = completed.new_execution_run_id or None
            return replace(end, output=_values(completed.result), successor=successor)
        case "failed":
            failed = event.workflow_execution_failed_event_attributes
            await engine.data_converter.decode_failure(failed.failure)
            error = read_failure(failed.failure, engine.data_converter.payload_converter)
            return replace(end, error=error, successor=failed.new_execution_run_id or None)
        case "timed_out":
            timed_out = event.workflow_execution_timed_out_event_attributes
            error = ErrorInfo(name="TimeoutError", message="The workflow did not end within its execution timeout.")
            return replace(end, error=error, successor=timed_out.new_execution_run_id or None)
        case "terminated":
            reason = event.workflow_execution_terminated_event_attributes.reason
            error = ErrorInfo(name="TerminatedError", message=reason or "The workflow was terminated.")
            return replace(end, error=error)
        case "canceled":
            return replace(end, error=ErrorInfo(name="CancelledError", message="The workflow was stopped."))
        case _:
            continued = event.workflow_execution_continued_as_new_event_attributes
            return replace(end, successor=continued.new_execution_run_id)


async def _reset_of(engine: Engine, run: RunRef) -> str | None:
    """The run that a reset put in the place of a terminated one."""
    reply = await describe(engine, run)
    return reply.workflow_extended_info.reset_run_id or None


async def _read_first_start(
    engine: Engine, run: RunRef, info: WorkflowExecutionInfo, *, of_chain: bool
) -> WorkflowExecutionStartedEventAttributes:
    first = info.first_run_id
    if of_chain and first and first != run.run_id:
        try:
            return await read_start(engine, RunRef(run.workflow_id, first))
        except WorkflowNotFoundError:
            pass  # past its retention: what this run itself was started with is the best that is left
    return await read_start(engine, run)


def _values(payloads: Payloads) -> JsonValue:
    """One value as itself, none as null, several (from another SDK) as a list."""
    values = [_value(payload) for payload in payloads.payloads]
    return values[0] if len(values) == 1 else (values or None)


def _value(payload: Payload) -> JsonValue:
    try:
        return cast("JsonValue", load_json(payload_json(payload)))
    except ValueError:
        return {"_raw": True, "encoding": payload.metadata.get("encoding", b"").decode("utf-8", "replace")}
