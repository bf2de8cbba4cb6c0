"""Starting workflows: found in the catalog, their input checked, then handed to the engine."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from output.engine import runs
from output.engine.catalog import CatalogVersion
from output.engine.descriptions import describe_any, is_system_id, is_system_type
from output.engine.payloads.converter import dump_json
from output.engine.run_end import RunEnd
from output.engine.runs import NewRun
from output.errors import (
    EngineBusyError,
    EngineNotAvailableError,
    ValidationError,
    ValueTooLargeError,
    WorkflowNotFoundError,
)
from output.models.catalog import PublishedWorkflow
from output.models.errors import IssueModel
from output.models.references import Issue, RunRef
from output.models.runs import RunRequest, RunResult, StartRequest, TraceLocations, ValidateRequest, Validity
from output.operations.idempotency import Started, idempotent_request, start_once
from output.operations.services import Services
from output.operations.value_size import check_value_size
from output.operations.webhooks import memo_entry, watch_end, webhook_of
from output.tracing.locations import trace_locations

_ADDRESSES = frozenset({"catalog", "runs", "waits"})


@dataclass(frozen=True)
class StartedRun:
    """A run that the engine has taken, and what it was started as."""

    run: RunRef
    new: NewRun
    is_replay: bool = False  # an earlier request with the same `Idempotency-Key` had started it


async def start(
    services: Services, request: StartRequest, *, key: str | None = None, as_sent: bytes | None = None
) -> StartedRun:
    """Start a run, with an `Idempotency-Key` once for all requests that have it.

    `as_sent` is the input of another run, as it came: the worker took it before, so it is not checked again.

    Raises WorkflowNotFoundError, ValidationError, WorkflowAlreadyStartedError, IdempotencyKeyReusedError,
    TooManyStartsError, and the engine's errors, which name the workflow ID: the engine may have taken the run all the
    same.
    """
    catalog_id = _catalog_id(request) or services.catalog_id
    entry = await (find_workflow if as_sent is None else find_entry)(services, request, catalog_id)
    wanted = None if key is None else idempotent_request(key, request, catalog_id=catalog_id)
    workflow_id = request.workflow_id or (wanted.workflow_id if wanted is not None else generate_id(entry.name))
    if request.workflow_id is not None:
        await _check_id(services, request, catalog_id)
    data = dump_json(request.input) if as_sent is None else as_sent
    check_value_size(data, "input", limits=services.engine.limits)
    new = NewRun(
        workflow=entry.name,
        input=data,
        workflow_id=workflow_id,
        task_queue=catalog_id,
        execution_timeout=longest_life(services, entry, asked=request.execution_timeout),
        conflict_policy=request.conflict_policy,
        reuse_policy=request.reuse_policy,
        start_delay=timedelta(milliseconds=request.start_delay) if request.start_delay else None,
        tags=tuple(dict.fromkeys(request.tags)),
        priority=request.priority,
        trace=_trace_locations(services, entry, workflow_id),
    )
    webhook = webhook_of(services, request)
    if webhook is not None:
        new = replace(new, memo={**new.memo, **memo_entry(webhook)})
    try:
        async with services.starts.place(RunRef(workflow_id)):
            if wanted is None:
                started = Started(await runs.start(services.engine, new))
            else:
                started = await start_once(services, new, wanted, has_own_id=request.workflow_id is not None)
    except (EngineBusyError, EngineNotAvailableError) as error:
        error.run = RunRef(workflow_id)
        raise
    if not started.is_replay:
        await watch_end(services, webhook, started.run, task_queue=catalog_id)
    return StartedRun(started.run, new, is_replay=started.is_replay)


async def validate(services: Services, request: ValidateRequest) -> Validity:
    """Whether a workflow would take an input; starts nothing. Raises WorkflowNotFoundError."""
    meant = StartRequest(workflow_name=request.workflow_name, input=request.input, catalog=request.catalog)
    try:
        await find_workflow(services, meant, request.catalog or services.catalog_id)
        check_value_size(dump_json(request.input), "input", limits=services.engine.limits)
    except ValidationError as error:
        return Validity(valid=False, issues=[_issue_model(issue) for issue in error.issues])
    except ValueTooLargeError as error:
        return Validity(
            valid=False, issues=[IssueModel(path="input", message=error.message, code="too_large", pointer="/input")]
        )
    return Validity(valid=True, issues=[])


async def result_of(services: Services, request: RunRequest, started: StartedRun, end: RunEnd) -> RunResult:
    """The result payload for who started a run and waited for its end."""
    if request.conflict_policy == "use_existing" or started.is_replay:
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


async def find_entry(services: Services, request: StartRequest, catalog_id: str) -> PublishedWorkflow:
    """The catalog's entry, whatever the input is. Raises WorkflowNotFoundError."""
    version = await services.catalogs.read(catalog_id)
    return _entry(request, version, catalog_id)


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


def longest_life(services: Services, entry: PublishedWorkflow, *, asked: int | None = None) -> timedelta | None:
    """How long an execution may live: as `asked` for (ms), else as the workflow says, else the deployment."""
    milliseconds = asked or entry.timeout
    return services.execution_timeout if milliseconds is None else timedelta(milliseconds=milliseconds)


def _issue_model(issue: Issue) -> IssueModel:
    return IssueModel(path=issue.path, message=issue.message, code=issue.code, pointer=issue.pointer)


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


def _entry(request: StartRequest, version: CatalogVersion, catalog_id: str) -> PublishedWorkflow:
    entry = version.by_name.get(request.workflow_name)
    if entry is None:
        near = get_close_matches(request.workflow_name, list(version.by_name), n=3, cutoff=0.6)
        raise WorkflowNotFoundError.no_name(request.workflow_name, catalog=catalog_id, near=near)
    return entry


def _check(services: Services, request: StartRequest, version: CatalogVersion, catalog_id: str) -> PublishedWorkflow:
    entry = _entry(request, version, catalog_id)
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
