"""Messages to the latest run of a workflow: signals, queries, updates, and feedback from webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import MEDIA_TYPE, json_response
from output.api.middleware.request_facts import FactsDep, RequestFacts
from output.api.routing.audit import audit_of
from output.api.routing.disconnect import wait_for_client
from output.api.routing.permission import permit
from output.api.routing.request_body import JsonRoute
from output.api.routing.run_routes import RUN_ERRORS, RunDep
from output.api.state import AppState, StateDep
from output.engine.messages import Recipient, find_recipient
from output.errors import (
    HandlerFailedError,
    HandlerNotFoundError,
    NothingAwaitedError,
    OutputError,
    PayloadTooLargeError,
    ServerStoppingError,
    UnsupportedMediaTypeError,
    WorkerNotAvailableError,
    WorkflowAlreadyClosedError,
    WorkflowTaskFailingError,
)
from output.models.catalog import HandlerKind
from output.models.messages import FeedbackRequest, MessageRequest
from output.models.references import RunRef
from output.operations import messaging
from output.operations.messaging import IncomingMessage

router = APIRouter(prefix="/workflow/{workflowId:segment}", tags=["messages"], route_class=JsonRoute)
Name = Annotated[str, Path(min_length=1, max_length=255, description="the handler's name")]
_BODY_ERRORS = (*RUN_ERRORS, PayloadTooLargeError, UnsupportedMediaTypeError)
_HANDLER_ERRORS = (
    WorkflowTaskFailingError,
    HandlerNotFoundError,
    HandlerFailedError,
    WorkerNotAvailableError,
    ServerStoppingError,
)


@dataclass(frozen=True)
class _Context:
    run: RunRef
    state: AppState
    facts: RequestFacts
    request: Request


async def _context(run: RunDep, state: StateDep, facts: FactsDep, request: Request) -> _Context:
    return _Context(run, state, facts, request)


ContextDep = Annotated[_Context, Depends(_context)]


def _responses(description: str, *errors: type[OutputError]) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": description, "content": {MEDIA_TYPE: {"schema": {}}}},
        **may_raise(*_BODY_ERRORS, *errors),
    }


@router.post(
    "/signal/{name:segment}",
    responses=_responses("The signal is with the workflow", HandlerNotFoundError, WorkflowAlreadyClosedError),
)
async def send_signal(*, context: ContextDep, name: Name, body: MessageRequest | None = None) -> Response:
    """Tell the workflow something; it is taken in even while no worker runs."""
    message = await _address(context, "signal", name, body)
    await messaging.send(context.state.services, message)
    return json_response({})


@router.post("/query/{name:segment}", responses=_responses("What the handler returned, as is", *_HANDLER_ERRORS))
async def ask_query(
    *, request: Request, context: ContextDep, name: Name, body: MessageRequest | None = None
) -> Response:
    """Ask the workflow something, running or closed."""
    message = await _address(context, "query", name, body)
    response = messaging.send(context.state.services, message)
    return Response(await wait_for_client(request, response, run=message.to.run), media_type=MEDIA_TYPE)


@router.post(
    "/update/{name:segment}",
    responses=_responses("What the handler returned, as is", WorkflowAlreadyClosedError, *_HANDLER_ERRORS),
)
async def send_update(
    *, request: Request, context: ContextDep, name: Name, body: MessageRequest | None = None
) -> Response:
    """Change the workflow and wait until it has processed that."""
    message = await _address(context, "update", name, body)
    response = messaging.send(context.state.services, message)
    return Response(await wait_for_client(request, response, run=message.to.run), media_type=MEDIA_TYPE)


@router.post(
    "/feedback",
    responses=_responses("The feedback is with the workflow", WorkflowAlreadyClosedError, NothingAwaitedError),
)
async def send_feedback(context: ContextDep, body: FeedbackRequest | None = None) -> Response:
    """Resume a workflow that awaits a webhook; one that does not await it yet finds it later."""
    recipient = await _recipient(context)
    audit = audit_of(context.request, context.facts)
    await messaging.send_feedback(context.state.services, recipient, body or FeedbackRequest(), audit=audit)
    return json_response({})


async def _address(context: _Context, kind: HandlerKind, name: str, body: MessageRequest | None) -> IncomingMessage:
    return IncomingMessage(await _recipient(context), kind, name, body)


async def _recipient(context: _Context) -> Recipient:
    recipient = await find_recipient(context.state.services.engine, context.run)
    context.facts.workflow = recipient.workflow
    permit(context.request, f"message:{recipient.workflow}")
    return recipient
