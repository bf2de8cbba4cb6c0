"""Starting workflows, and starting and waiting for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import cast

from fastapi import APIRouter, Request
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import model_response
from output.api.middleware.request_facts import FactsDep, RequestFacts
from output.api.routing.disconnect import wait_for_client
from output.api.routing.request_body import JsonRoute
from output.api.state import AppState, StateDep
from output.engine import runs
from output.engine.catalog import CatalogVersion
from output.engine.payloads.converter import dump_json
from output.engine.runs import NewRun, RunEnd
from output.errors import (
    CatalogNotAvailableError,
    EngineBusyError,
    EngineNotAvailableError,
    Issue,
    PayloadTooLargeError,
    RunRef,
    ServerStoppingError,
    UnsupportedMediaTypeError,
    ValidationError,
    WorkflowAlreadyStartedError,
    WorkflowExecutionTimedOutError,
    WorkflowNotFoundError,
)
from output.models.catalog import PublishedWorkflow
from output.models.runs import RunIds, RunRequest, RunResult, StartRequest, TraceLocations
from output.tracing.locations import trace_locations

router = APIRouter(prefix="/workflow", tags=["start"], route_class=JsonRoute)
# RFC 9745: since when, and where to read about it.
_TASK_QUEUE_IS_DEPRECATED = {
    "Deprecation": "@1767225600",
    "Link": '</docs>; rel="deprecation"; type="text/html"',
}
_FAULTS = (
    ValidationError,
    WorkflowNotFoundError,
    WorkflowAlreadyStartedError,
    PayloadTooLargeError,
    UnsupportedMediaTypeError,
    EngineBusyError,
    CatalogNotAvailableError,
    EngineNotAvailableError,
)


@router.post("/start", response_model=RunIds, responses=may_raise(*_FAULTS))
async def start(body: StartRequest, state: StateDep, facts: FactsDep) -> Response:
    """Start a workflow and answer at once."""
    _note(body, facts)
    started = await _start(body, state)
    return model_response(RunIds(workflow_id=started.run.workflow_id, run_id=cast("str", started.run.run_id)))


@router.post(
    "/run",
    response_model=RunResult,
    responses=may_raise(*_FAULTS, WorkflowExecutionTimedOutError, ServerStoppingError),
)
async def run(request: Request, body: RunRequest, state: StateDep, facts: FactsDep) -> Response:
    """Start a workflow, wait for its end, and answer the result payload.

    The client may leave: the workflow goes on. A workflow that fails is an answer, not an HTTP error.
    """
    _note(body, facts)
    timeout = _timeout(body, state)
    started = await _start(body, state)
    try:
        end = await wait_for_client(
            request, runs.wait_for_end(state.engine, started.run), run=started.run, timeout=timeout
        )
    except TimeoutError:
        raise WorkflowExecutionTimedOutError(timeout, run=started.run) from None
    except EngineNotAvailableError as error:
        error.run = started.run
        raise
    return model_response(await _result(body, state, started, end))


def _note(body: StartRequest, facts: RequestFacts) -> None:
    """What the access log and the answer's headers say, however this ends."""
    facts.workflow = body.workflow_name
    if body.task_queue is not None:
        facts.headers.update(_TASK_QUEUE_IS_DEPRECATED)


@dataclass(frozen=True)
class _Started:
    run: RunRef
    new: NewRun


async def _start(body: StartRequest, state: AppState) -> _Started:
    catalog_id = _catalog_id(body) or state.settings.catalog_id
    entry = await _find_workflow(body, state, catalog_id)
    timeout = timedelta(milliseconds=entry.timeout) if entry.timeout is not None else state.settings.execution_timeout
    workflow_id = body.workflow_id or generate_id(entry.name)
    new = NewRun(
        workflow=entry.name,
        input=dump_json(body.input),
        workflow_id=workflow_id,
        task_queue=catalog_id,
        execution_timeout=timeout,
        conflict_policy=body.conflict_policy,
        trace=_trace_locations(state, entry, workflow_id),
    )
    return _Started(await runs.start(state.engine, new), new)


def _trace_locations(state: AppState, entry: PublishedWorkflow, workflow_id: str) -> TraceLocations | None:
    if not entry.trace:
        return None
    return trace_locations(
        state.trace_target, workflow=entry.name, workflow_id=workflow_id, started_at=datetime.now(UTC)
    )


async def _find_workflow(body: StartRequest, state: AppState, catalog_id: str) -> PublishedWorkflow:
    """The catalog's entry, with the input checked; a catalog that may have changed is asked for again before a no."""
    version = await state.catalogs.read_known(catalog_id)
    try:
        return _check(body, state, version, catalog_id)
    except (WorkflowNotFoundError, ValidationError):
        current = await state.catalogs.read(catalog_id)
        if current is version:
            raise
        return _check(body, state, current, catalog_id)


def _check(body: StartRequest, state: AppState, version: CatalogVersion, catalog_id: str) -> PublishedWorkflow:
    entry = version.by_name.get(body.workflow_name)
    if entry is None:
        near = get_close_matches(body.workflow_name, list(version.by_name), n=3, cutoff=0.6)
        raise WorkflowNotFoundError.no_name(body.workflow_name, catalog=catalog_id, near=near)
    state.inputs.check(
        body.input, entry.input_schema, version=version.run_id, name=f"workflow {entry.name!r}", field="input"
    )
    return entry


async def _result(body: RunRequest, state: AppState, started: _Started, end: RunEnd) -> RunResult:
    if body.conflict_policy == "use_existing":
        # Perhaps another's run, with another's input.
        return await runs.read_result(state.engine, RunRef(end.run.workflow_id, end.run.run_id))
    trace = started.new.trace
    if trace is not None and end.run != started.run:
        trace = await runs.read_trace_locations(state.engine, end.run)
    return runs.result_of(end, input=body.input, trace=trace)


def generate_id(workflow: str) -> str:
    """A workflow ID that nobody has, starts with a letter or digit and says what it is of."""
    return f"{workflow.lstrip('_')[:100] or 'run'}-{uuid.uuid4().hex}"


def _catalog_id(body: StartRequest) -> str | None:
    queue = body.task_queue
    if body.catalog is not None and queue is not None and body.catalog != queue:
        message = "taskQueue is the deprecated name of catalog; give one of them"
        raise ValidationError(f"The request does not fit: {message}.", issues=[Issue("taskQueue", message, "conflict")])
    return body.catalog or queue


def _timeout(body: RunRequest, state: AppState) -> timedelta:
    longest = state.settings.max_waiting
    if body.timeout is None:
        return longest
    timeout = timedelta(milliseconds=body.timeout)
    if timeout > longest:
        message = f"at most {longest // timedelta(milliseconds=1)} ms are allowed"
        raise ValidationError(
            f"The request does not fit: timeout: {message}.", issues=[Issue("timeout", message, "less_than_equal")]
        )
    return timeout
