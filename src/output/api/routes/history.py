"""A run's history in pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from output.api.http.responses import MEDIA_TYPE, json_response
from output.api.routing.disconnect import wait_for_client
from output.api.routing.parameters import StrictFlag, WholeNumber
from output.api.routing.run_routes import NamedRun, RunDep, meant_run, run_route
from output.api.routing.strict_query import StrictRoute
from output.api.state import StateDep
from output.engine.history.events import event_writer
from output.engine.history.lookup import find_event
from output.engine.history.pages import EventPage, PageRequest
from output.errors import InvalidPageTokenError, NotFoundError, ServerStoppingError, TooManyWaitsError, ValidationError
from output.models.history import HistoryEvent, HistoryPage
from output.models.references import Issue

router = APIRouter(tags=["history"], route_class=StrictRoute)

PageSize = Annotated[WholeNumber, Query(alias="pageSize", ge=1, le=50, description="most events on the page")]
PageToken = Annotated[
    str | None, Query(alias="pageToken", description="`nextPageToken` of the page before; needs its `runId`")
]
IncludePayloads = Annotated[
    StrictFlag, Query(alias="includePayloads", description="decoded inputs, results, failures …")
]
LongPoll = Annotated[
    WholeNumber | None,
    Query(alias="longPollTimeoutMs", ge=0, description="wait that long for a new event, ms; capped by the server"),
]

EventId = Annotated[WholeNumber, Path(alias="eventId", ge=1, description="the event's `eventId`")]


@run_route(
    router,
    "GET",
    "/history",
    responses=HistoryPage,
    errors=(InvalidPageTokenError, ServerStoppingError, TooManyWaitsError),
)
async def get_history(
    *,
    request: Request,
    run: RunDep,
    state: StateDep,
    page_size: PageSize = 20,
    page_token: PageToken = None,
    named_run: NamedRun = None,
    include_payloads: IncludePayloads = False,
    long_poll: LongPoll = None,
) -> Response:
    """One page of events, oldest first; every event is on exactly one page."""
    run = meant_run(run, named_run)
    page_token = page_token or None  # an empty one counts as absent
    if page_token is not None and run.run_id is None:
        message = "A pageToken needs the runId that it came with."
        raise ValidationError(message, issues=[Issue("runId", message, "missing")], run=run)
    wait = None if long_poll is None else min(timedelta(milliseconds=long_poll), state.settings.history_max_wait)
    wanted = PageRequest(size=page_size, token=page_token, wait=wait)
    if wait:
        with state.waits.seat(run):
            page = await wait_for_client(request, state.histories.pages.read(run, wanted), run=run)
    else:
        page = await state.histories.pages.read(run, wanted)
    return Response(_body(page, include_payloads=include_payloads), media_type=MEDIA_TYPE)


@run_route(router, "GET", "/history/events/{eventId}", responses=HistoryEvent, errors=(NotFoundError,))
async def get_event(*, run: RunDep, state: StateDep, event_id: EventId, named_run: NamedRun = None) -> Response:
    """One event with its values decoded."""
    event = await find_event(state.histories.reader, meant_run(run, named_run), event_id)
    return json_response(event_writer(include_payloads=True).describe(event))


def _body(page: EventPage, *, include_payloads: bool) -> bytes:
    # The events are JSON already: parsing them into models only to write them again would take most of the time.
    head = HistoryPage(workflow=page.run, events=[], run_id=page.ref.run_id or "", next_page_token=page.next_token)
    events = event_writer(include_payloads=include_payloads).write(page.events)
    return head.model_dump_json(by_alias=True).encode().replace(b'"events":[]', b'"events":' + events, 1)
