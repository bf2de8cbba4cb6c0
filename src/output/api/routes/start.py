"""Starting workflows, and starting and waiting for them."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import model_response
from output.api.middleware.request_facts import FactsDep, RequestFacts
from output.api.routing.disconnect import wait_for_client
from output.api.routing.permission import permit_start
from output.api.routing.request_body import JsonRoute
from output.api.state import StateDep
from output.engine.run_waits import wait_for_end
from output.errors import (
    CatalogNotAvailableError,
    EngineBusyError,
    EngineNotAvailableError,
    IdempotencyKeyReusedError,
    PayloadTooLargeError,
    ServerStoppingError,
    TooManyStartsError,
    TooManyWaitsError,
    UnsupportedMediaTypeError,
    ValidationError,
    WorkflowAlreadyStartedError,
    WorkflowExecutionTimedOutError,
    WorkflowNotFoundError,
)
from output.models.runs import RunIds, RunRequest, RunResult, StartRequest, ValidateRequest, Validity
from output.operations import starting

router = APIRouter(prefix="/workflow", tags=["start"], route_class=JsonRoute)
# RFC 9745: since when, and where to read about it.
_TASK_QUEUE_IS_DEPRECATED = {
    "Deprecation": "@1767225600",
    "Link": '</docs>; rel="deprecation"; type="text/html"',
}
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[ -~]+$",
        description="1 to 255 printable ASCII characters: the same key and body again is the same run",
    ),
]
_START_ERRORS = (
    ValidationError,
    WorkflowNotFoundError,
    WorkflowAlreadyStartedError,
    IdempotencyKeyReusedError,
    PayloadTooLargeError,
    UnsupportedMediaTypeError,
    EngineBusyError,
    TooManyStartsError,
    CatalogNotAvailableError,
    EngineNotAvailableError,
)


@router.post("/start", response_model=RunIds, responses=may_raise(*_START_ERRORS))
async def start(
    request: Request, body: StartRequest, state: StateDep, facts: FactsDep, key: IdempotencyKey = None
) -> Response:
    """Start a workflow and answer at once."""
    _record(body, facts)
    await permit_start(request, state, body)
    started = await starting.start(state.services, body, key=key)
    _tell_replay(started, facts)
    return model_response(RunIds(workflow_id=started.run.workflow_id, run_id=cast("str", started.run.run_id)))


@router.post(
    "/run",
    response_model=RunResult,
    responses=may_raise(*_START_ERRORS, WorkflowExecutionTimedOutError, ServerStoppingError, TooManyWaitsError),
)
async def run(
    request: Request, body: RunRequest, state: StateDep, facts: FactsDep, key: IdempotencyKey = None
) -> Response:
    """Start a workflow, wait for its end, and answer the result payload.

    The client may leave: the workflow goes on. A workflow that fails is an answer, not an HTTP error.
    """
    _record(body, facts)
    await permit_start(request, state, body)
    timeout = starting.waiting_time(state.services, body)
    started = await starting.start(state.services, body, key=key)
    _tell_replay(started, facts)
    try:
        with state.waits.seat(started.run):
            end = await wait_for_client(
                request, wait_for_end(state.services.engine, started.run, within=timeout), run=started.run
            )
    except TimeoutError:
        raise WorkflowExecutionTimedOutError(timeout, run=started.run) from None
    except EngineNotAvailableError as error:
        error.run = started.run
        raise
    return model_response(await starting.result_of(state.services, body, started, end))


@router.post(
    "/validate",
    response_model=Validity,
    responses=may_raise(
        ValidationError,
        WorkflowNotFoundError,
        PayloadTooLargeError,
        UnsupportedMediaTypeError,
        CatalogNotAvailableError,
        EngineNotAvailableError,
    ),
)
async def validate(body: ValidateRequest, state: StateDep, facts: FactsDep) -> Response:
    """Say whether a workflow would take an input; nothing is started, and an input that does not fit is an answer."""
    facts.workflow = body.workflow_name
    return model_response(await starting.validate(state.services, body))


def _tell_replay(started: starting.StartedRun, facts: RequestFacts) -> None:
    if started.is_replay:
        facts.headers["Idempotent-Replay"] = "true"


def _record(body: StartRequest, facts: RequestFacts) -> None:
    """What the access log and the answer's headers say, however this ends."""
    facts.workflow = body.workflow_name
    if body.task_queue is not None:
        facts.headers.update(_TASK_QUEUE_IS_DEPRECATED)
