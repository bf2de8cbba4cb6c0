"""Starting workflows: found in the catalog, their input checked, then handed to the engine."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from output.engine import runs
from output.engine.catalog import CatalogVersion
from output.engine.descriptions import describe_any, is_system_id, is_system_type
from output.engine.payloads.converter import dump_json
from output.engine.run_end import RunEnd
from output.engine.runs import NewRun
from output.errors import ValidationError, WorkflowNotFoundError
from output.models.catalog import PublishedWorkflow
from output.models.references import Issue, RunRef
from output.models.runs import RunRequest, RunResult, StartRequest, TraceLocations
from output.operations.services import Services
from output.operations.value_size import check_value_size
from output.tracing.locations import trace_locations

_ADDRESSES = frozenset({"catalog", "runs", "waits"})


@dataclass(frozen=True)
class StartedRun:
    """A run that the engine has taken, and what it was started as."""

    run: RunRef
    new: NewRun


async def start(services: Services, request: StartRequest) -> StartedRun:
    """Start a run. Raises WorkflowNotFoundError, ValidationError, WorkflowAlreadyStartedError, the engine's errors."""
    catalog_id = _catalog_id(request) or services.catalog_id
    entry = await find_workflow(services, request, catalog_id)
    timeout = timedelta(milliseconds=entry.timeout) if entry.timeout is not None else services.execution_timeout
    workflow_id = request.workflow_id or generate_id(entry.name)
    if request.workflow_id is not None:
        await _check_id(services, request, catalog_id)
    data = dump_json(request.input)
    check_value_size(data, "input", limits=services.engine.limits)
    new = NewRun(
        workflow=entry.name,
        input=data,
        workflow_id=workflow_id,
        task_queue=catalog_id,
        execution_timeout=timeout,
        conflict_policy=request.conflict_policy,
        trace=_trace_locations(services, entry, workflow_id),
    )
    return StartedRun(await runs.start(services.engine, new), new)


async def result_of(services: Services, request: RunRequest, started: StartedRun, end: RunEnd) -> RunResult:
    """The result payload for who started a run and waited for its end."""
    if request.conflict_policy == "use_existing":
        # Perhaps another's run, with another's input.
        return await runs.read_result(services.engine, RunRef(end.run.workflow_id, end.run.run_id))
    trace = started.new.trace
    if trace is not None and end.run != started.run:
        trace = await runs.read_trace_locations(services.engine, end.run)
    return runs.result_of(end, input=request.input, trace=trace)


async def find_workflow(services: Services, request: StartRequest, catalog_id: str) -> PublishedWorkflow:
    """The catalog's entry, with the input checked; a catalog that may have changed is asked for again before a no."""
    version = await services.catalogs.read_known(catalog_id)
    try:
        return _check(services, request, version, catalog_id)
    except (WorkflowNotFoundError, ValidationError):
        current = await services.catalogs.read(catalog_id)
        if current is version:
            raise
        return _check(services, request, current, catalog_id)


def waiting_time(services: Services, request: RunRequest) -> timedelta:
    """How long `run` waits. Raises ValidationError for more than the deployment allows."""
    longest = services.max_waiting
    if request.timeout is None:
        return longest
    timeout = timedelta(milliseconds=request.timeout)
    if timeout > longest:
        message = f"at most {longest // timedelta(milliseconds=1)} ms are allowed"
        raise ValidationError(
            f"The request does not fit: timeout: {message}.", issues=[Issue("timeout", message, "less_than_equal")]
        )
    return timeout


def generate_id(workflow: str) -> str:
    """A workflow ID that nobody has, starts with a letter or digit and says what it is of."""
    return f"{workflow.lstrip('_')[:100] or 'run'}-{uuid.uuid4().hex}"


async def _check_id(services: Services, request: StartRequest, catalog_id: str) -> None:
    """Refuse an ID that is no user's: of a catalog, of the engine, or one that the API's own addresses have."""
    workflow_id = request.workflow_id or ""
    taken = None
    if workflow_id in _ADDRESSES:
        taken = "stands for another address of this API"
    elif workflow_id in {catalog_id, services.catalog_id} or is_system_id(workflow_id):
        taken = "belongs to the system"
    elif request.conflict_policy != "fail":
        # The running one would be used or ended: it must be no other catalog.
        try:
            description = await describe_any(services.engine, RunRef(workflow_id))
        except WorkflowNotFoundError:
            return
        if is_system_type(description.workflow_execution_info.type.name):
            taken = "belongs to the system"
    if taken is not None:
        message = f"{workflow_id!r} {taken}; give another ID"
        raise ValidationError(
            f"The request does not fit: workflowId: {message}.", issues=[Issue("workflowId", message, "reserved")]
        )


def _trace_locations(services: Services, entry: PublishedWorkflow, workflow_id: str) -> TraceLocations | None:
    if not entry.trace:
        return None
    return trace_locations(
        services.trace_target, workflow=entry.name, workflow_id=workflow_id, started_at=datetime.now(UTC)
    )


def _check(services: Services, request: StartRequest, version: CatalogVersion, catalog_id: str) -> PublishedWorkflow:
    entry = version.by_name.get(request.workflow_name)
    if entry is None:
        near = get_close_matches(request.workflow_name, list(version.by_name), n=3, cutoff=0.6)
        raise WorkflowNotFoundError.no_name(request.workflow_name, catalog=catalog_id, near=near)
    services.inputs.check(
        request.input, entry.input_schema, version=version.run_id, name=f"workflow {entry.name!r}", field="input"
    )
    return entry


def _catalog_id(request: StartRequest) -> str | None:
    queue = request.task_queue
    if request.catalog is not None and queue is not None and request.catalog != queue:
        message = "taskQueue is the deprecated name of catalog; give one of them"
        raise ValidationError(f"The request does not fit: {message}.", issues=[Issue("taskQueue", message, "conflict")])
    return request.catalog or queue
