"""A run's history as it happens, and tokens with which browsers may follow it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from output.api.http.responses import model_response
from output.api.routing.parameters import StrictFlag, WholeNumber
from output.api.routing.run_routes import NamedRun, RunDep, meant_run, run_route
from output.api.routing.strict_query import StrictRoute
from output.api.sse.response import EventStream
from output.api.state import StateDep
from output.engine.history.reader import PinnedRun
from output.engine.problems import read_problem
from output.errors import ServerStoppingError, TooManyStreamsError, ValidationError
from output.models.history import StreamOpened
from output.models.messages import StreamToken
from output.models.references import Issue

router = APIRouter(tags=["history"], route_class=StrictRoute)

IncludePayloads = Annotated[
    StrictFlag, Query(alias="includePayloads", description="decoded inputs, results, failures …")
]
LastEventId = Annotated[
    WholeNumber | None,
    Query(alias="lastEventId", ge=1, description="resume after this event; wins over the header `Last-Event-ID`"),
]
Token = Annotated[
    str | None, Query(description="a token from `stream-token`, for browsers, which cannot send headers here")
]
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `workflow`, `history`, `done` and `server_error`",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    204: {"description": "The run is over and the client has all of its events"},
}


@run_route(router, "GET", "/history/stream", errors=(TooManyStreamsError, ServerStoppingError), others=_RESPONSES)
async def stream_history(
    *,
    request: Request,
    run: RunDep,
    state: StateDep,
    include_payloads: IncludePayloads = False,
    named_run: NamedRun = None,
    last_event_id: LastEventId = None,
    token: Token = None,
) -> Response:
    """Follow one run to its end; a client that reconnects with the last event's ID misses and repeats nothing."""
    histories = state.histories
    run = meant_run(run, named_run)
    if token is not None:
        run = histories.stream_tokens.opens(token, run) or run
    pinned = await histories.reader.pin(run)
    after = last_event_id or _last_event_id(request) or 0
    if pinned.is_closed and after >= pinned.summary.history_length:
        return Response(status_code=204)
    if after > pinned.summary.history_length:
        raise _ahead(after, pinned)
    viewer = histories.hub.join(pinned, after=after, include_payloads=include_payloads)
    problem = (
        None if pinned.is_closed else await read_problem(state.services.engine, pinned.ref, state.services.workers)
    )
    opening = StreamOpened(**pinned.summary.model_dump(), closed=pinned.is_closed, problem=problem)
    return EventStream(histories.hub, viewer, opening)


@run_route(router, "POST", "/history/stream-token", responses=StreamToken)
async def issue_stream_token(run: RunDep, state: StateDep) -> Response:
    """A short-lived token that opens the stream of this run, and nothing else."""
    pinned = await state.histories.reader.pin(run)
    return model_response(state.histories.stream_tokens.issue(pinned.ref))


def _last_event_id(request: Request) -> int | None:
    """The header's ID; one that is no positive integer is ignored."""
    text = request.headers.get("last-event-id", "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def _ahead(after: int, run: PinnedRun) -> ValidationError:
    message = f"Event {after} cannot have come from this run, which has {run.summary.history_length} events by now."
    return ValidationError(message, issues=[Issue("lastEventId", message, "ahead_of_history")], run=run.ref)
