"""What runs wait for from people."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import MEDIA_TYPE
from output.api.middleware.permission import caller_of
from output.api.routing.parameters import WholeNumber
from output.api.routing.run_routes import RunDep, run_route
from output.api.routing.strict_query import ClosedRoute
from output.api.state import ServicesDep, StateDep
from output.engine.waits import read_waits
from output.errors import EngineBusyError, EngineNotAvailableError, InvalidPageTokenError, ValidationError
from output.models.waits import RunWait, Wait
from output.operations import approving

router = APIRouter(tags=["messages"], route_class=ClosedRoute)
Limit = Annotated[WholeNumber, Query(ge=1, le=1000, description="most runs that are looked at for the page")]
Token = Annotated[str | None, Query(alias="pageToken", description="of the `Link` header of the page before")]
_WAITS = TypeAdapter(list[Wait])
_RUN_WAITS = TypeAdapter(list[RunWait])


@router.get(
    "/workflow/waits",
    response_model=list[RunWait],
    responses=may_raise(ValidationError, InvalidPageTokenError, EngineBusyError, EngineNotAvailableError),
)
async def list_waits(request: Request, state: StateDep, limit: Limit = 200, page_token: Token = None) -> Response:
    """What all runs wait for from people; a new wait shows within about a second.

    A `Link` header with `rel="next"` says that there may be more, and where.
    """
    page = await state.waiting.read(limit=limit, token=page_token or None)
    found = [
        wait
        for waiting in page.runs
        for wait in approving.run_waits_of(state.services, waiting, may_answer=_may_answer(request, waiting.workflow))
    ]
    headers: dict[str, str] = {}
    if page.next_page_token is not None:
        query = urlencode({"limit": limit, "pageToken": page.next_page_token})
        headers["Link"] = f'</workflow/waits?{query}>; rel="next"'
    return Response(_RUN_WAITS.dump_json(found, by_alias=True), media_type=MEDIA_TYPE, headers=headers)


@run_route(router, "GET", "/waits", responses=list[Wait])
async def list_run_waits(request: Request, services: ServicesDep, run: RunDep) -> Response:
    """What a run waits for from people, oldest first; nothing when it has ended.

    Who may message the workflow gets tokens that open the question's page (`/approve/:token`); all others those that
    name a wait, and nothing more.
    """
    waiting = await read_waits(services.engine, run)
    found = approving.waits_of(services, waiting, may_answer=_may_answer(request, waiting.workflow))
    return Response(_WAITS.dump_json(found, by_alias=True), media_type=MEDIA_TYPE)


def _may_answer(request: Request, workflow: str) -> bool:
    caller = caller_of(request)
    return caller is None or caller.may(f"message:{workflow}")
