"""Starting runs, waiting for their end, and reading how they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from pydantic import JsonValue
from temporalio.common import Priority, RawValue, WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from output.engine.connection import Engine
from output.engine.descriptions import describe, locations_of, state_of
from output.engine.event_log import read_start
from output.engine.payloads.json import values_of
from output.engine.problems import find_problem
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.engine.run_end import RunEnd
from output.engine.run_waits import wait_for_end, wait_for_exactly, wait_for_run
from output.engine.tags import tags_attribute, with_tags
from output.engine.workers import WorkerWatch
from output.errors import WorkflowAlreadyStartedError, WorkflowNotCompletedError, WorkflowNotFoundError
from output.models.references import RunRef
from output.models.runs import ConflictPolicy, ReusePolicy, RunInput, RunResult, RunStatus, TraceLocations

PAYLOAD_VERSION = "2"

_REUSE = {
    "allow": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    "failed_only": WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    "reject": WorkflowIDReusePolicy.REJECT_DUPLICATE,
}
_CONFLICT = {
    "fail": WorkflowIDConflictPolicy.FAIL,
    "use_existing": WorkflowIDConflictPolicy.USE_EXISTING,
    "terminate_existing": WorkflowIDConflictPolicy.TERMINATE_EXISTING,
}


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A run to start; `input` is JSON, `trace` goes into its memo."""

    workflow: str
    input: bytes
    workflow_id: str
    task_queue: str
    execution_timeout: timedelta | None  # None: no limit
    conflict_policy: ConflictPolicy = "fail"
    reuse_policy: ReusePolicy = "allow"
    start_delay: timedelta | None = None
    tags: Sequence[str] = ()
    priority: int | None = None
    trace: TraceLocations | None = None
    memo: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])  # beside what every run's memo holds


def memo_of(trace: TraceLocations | None) -> dict[str, JsonValue]:
    """What every run's memo holds."""
    memo: dict[str, JsonValue] = {"payloadVersion": PAYLOAD_VERSION}
    if trace is not None:
        memo["trace"] = trace.model_dump(by_alias=True, exclude_none=True)
    return memo


async def start(engine: Engine, new: NewRun) -> RunRef:
    """Start a run, or attach to a running one; the answer names the run.

    Raises WorkflowAlreadyStartedError, ValidationError (tags that the namespace cannot keep), EngineNotAvailableError,
    PayloadStoreNotAvailableError.
    """
    if not new.tags:
        return await _start(engine, new)
    return await with_tags(engine, lambda: _start(engine, new))


async def _start(engine: Engine, new: NewRun) -> RunRef:
    try:
        return await _start_now(engine, new)
    except WorkflowAlreadyStartedError as error:
        if new.reuse_policy == "allow":
            raise
        run = error.run or RunRef(new.workflow_id)
        raise WorkflowAlreadyStartedError(run, may_have_ended=True) from error


async def _start_now(engine: Engine, new: NewRun) -> RunRef:
    given = RawValue(await engine.values.seal(new.input))
    with translate_rpc_errors(RunRef(new.workflow_id)):
        handle = await engine.client.start_workflow(
            new.workflow,
            given,
            id=new.workflow_id,
            task_queue=new.task_queue,
            id_conflict_policy=_CONFLICT[new.conflict_policy],
            id_reuse_policy=_REUSE[new.reuse_policy],
            execution_timeout=new.execution_timeout,
            start_delay=new.start_delay,
            priority=Priority(priority_key=new.priority) if new.priority else Priority.default,
            search_attributes=tags_attribute(new.tags),
            memo={**memo_of(new.trace), **new.memo},
            rpc_timeout=RPC_TIMEOUT,
        )
    return RunRef(handle.id, handle.result_run_id)


async def read_status(engine: Engine, run: RunRef, *, workers: WorkerWatch) -> RunStatus:
    """Where a run stands now, and what is wrong with it."""
    described = await describe(engine, run)
    info = described.workflow_execution_info
    return RunStatus(
        workflow_id=info.execution.workflow_id,
        run_id=info.execution.run_id,
        status=state_of(info),
        started_at=info.start_time.ToMilliseconds(),
        completed_at=info.close_time.ToMilliseconds() if info.HasField("close_time") else None,
        problem=await find_problem(engine, described, workers),
    )


async def read_input(engine: Engine, run: RunRef) -> RunInput:
    """What a run was started with; without a run ID, what the first run of its chain was started with."""
    info = (await describe(engine, run)).workflow_execution_info
    pinned = RunRef(info.execution.workflow_id, info.execution.run_id)
    meant = pinned if run.run_id is not None else RunRef(pinned.workflow_id, info.first_run_id or pinned.run_id)
    try:
        started = await read_start(engine, meant)
    except WorkflowNotFoundError:
        if meant == pinned:
            raise
        # Past its retention: what the latest run itself was started with is the best that is left.
        meant, started = pinned, await read_start(engine, pinned)
    return RunInput(workflow_id=meant.workflow_id, run_id=cast("str", meant.run_id), input=values_of(started.input))


async def read_result(engine: Engine, run: RunRef, *, wait: timedelta | None = None) -> RunResult:
    """How a run ended; waits for it first if told to. Raises WorkflowNotCompletedError while it is open."""
    if wait is not None:
        info = (await describe(engine, run)).workflow_execution_info
        if state_of(info) == "running":
            try:
                if run.run_id is None:
                    latest = RunRef(run.workflow_id, info.execution.run_id)
                    run = (await wait_for_end(engine, latest, within=wait)).run
                else:
                    await wait_for_exactly(engine, run, within=wait)
            except TimeoutError:
                raise WorkflowNotCompletedError(RunRef(run.workflow_id, info.execution.run_id)) from None
    info = (await describe(engine, run)).workflow_execution_info
    pinned = RunRef(info.execution.workflow_id, info.execution.run_id)
    if state_of(info) == "running":
        raise WorkflowNotCompletedError(pinned)
    started, end = await asyncio.gather(read_start(engine, pinned), wait_for_run(engine, pinned))
    return result_of(end, input=values_of(started.input), trace=locations_of(info, engine))


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
