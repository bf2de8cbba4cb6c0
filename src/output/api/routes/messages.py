"""Messages to the latest run of a workflow: signals, queries, updates, and feedback from webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import MEDIA_TYPE, json_response
from output.api.middleware.request_facts import FactsDep, RequestFacts
from output.api.routing.disconnect import wait_for_client
from output.api.routing.request_body import JsonRoute
from output.api.routing.run_routes import RUN_FAULTS, RunDep
from output.api.state import AppState, StateDep
from output.engine import messages
from output.engine.messages import Sent
from output.engine.payloads.converter import dump_json
from output.errors import (
    HandlerFailedError,
    HandlerNotFoundError,
    OutputError,
    PayloadTooLargeError,
    RunRef,
    ServerStoppingError,
    UnsupportedMediaTypeError,
    WorkerNotAvailableError,
    WorkflowAlreadyClosedError,
)
from output.models.catalog import HandlerKind
from output.models.messages import FEEDBACK_SIGNAL, FeedbackRequest, MessageRequest
from output.operations.message_check import Addressed, check_message

router = APIRouter(prefix="/workflow/{workflowId:segment}", tags=["messages"], route_class=JsonRoute)
Name = Annotated[str, Path(min_length=1, max_length=255, description="the handler's name")]
_BODY_FAULTS = (*RUN_FAULTS, PayloadTooLargeError, UnsupportedMediaTypeError)
_ANSWER_FAULTS = (HandlerNotFoundError, HandlerFailedError, WorkerNotAvailableError, ServerStoppingError)


@dataclass(frozen=True)
class _Context:
    run: RunRef
    state: AppState
    facts: RequestFacts


async def _context(run: RunDep, state: StateDep, facts: FactsDep) -> _Context:
    return _Context(run, state, facts)


ContextDep = Annotated[_Context, Depends(_context)]


def _answers(description: str, *faults: type[OutputError]) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": description, "content": {MEDIA_TYPE: {"schema": {}}}},
        **may_raise(*_BODY_FAULTS, *faults),
    }


@router.post(
    "/signal/{name:segment}",
    responses=_answers("The signal is with the workflow", HandlerNotFoundError, WorkflowAlreadyClosedError),
)
async def send_signal(*, context: ContextDep, name: Name, body: MessageRequest | None = None) -> Response:
    """Tell the workflow something; it is taken in even while no worker runs."""
    message = await _check(context, "signal", name, body)
    await messages.send_signal(context.state.engine, message)
    return json_response({})


@router.post("/query/{name:segment}", responses=_answers("What the handler returned, as is", *_ANSWER_FAULTS))
async def ask_query(
    *, request: Request, context: ContextDep, name: Name, body: MessageRequest | None = None
) -> Response:
    """Ask the workflow something, running or closed."""
    message = await _check(context, "query", name, body)
    answer = messages.ask_query(context.state.engine, context.state.workers, message)
    return Response(await wait_for_client(request, answer, run=message.to.run), media_type=MEDIA_TYPE)


@router.post(
    "/update/{name:segment}",
    responses=_answers("What the handler returned, as is", WorkflowAlreadyClosedError, *_ANSWER_FAULTS),
)
async def send_update(
    *, request: Request, context: ContextDep, name: Name, body: MessageRequest | None = None
) -> Response:
    """Change the workflow and wait until it has processed that."""
    message = await _check(context, "update", name, body)
    answer = messages.send_update(context.state.engine, context.state.workers, message)
    return Response(await wait_for_client(request, answer, run=message.to.run), media_type=MEDIA_TYPE)


@router.post("/feedback", responses=_answers("The feedback is with the workflow", WorkflowAlreadyClosedError))
async def send_feedback(context: ContextDep, body: FeedbackRequest | None = None) -> Response:
    """Resume a workflow that awaits a webhook; one that does not await it yet finds it later."""
    given = body or FeedbackRequest()
    recipient = await messages.find_recipient(context.state.engine, context.run)
    context.facts.workflow = recipient.workflow
    payload = dump_json({"token": given.token, "payload": given.payload})
    await messages.send_signal(context.state.engine, Sent(recipient, FEEDBACK_SIGNAL, payload))
    return json_response({})


async def _check(context: _Context, kind: HandlerKind, name: str, body: MessageRequest | None) -> Sent:
    recipient = await messages.find_recipient(context.state.engine, context.run)
    context.facts.workflow = recipient.workflow
    return await check_message(context.state, Addressed(recipient, kind, name, body))
