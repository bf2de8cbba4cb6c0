"""Logging in to the web console: a token once, then a cookie."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field, SecretStr
from starlette.responses import Response

from output.api.console_files import refuse_when_off
from output.api.http.responses import model_response
from output.api.routing.request_body import JsonRoute
from output.api.sessions import HEADER
from output.api.state import StateDep
from output.errors import UnauthorizedError
from output.models.wire_model import WireModel

router = APIRouter(include_in_schema=False, route_class=JsonRoute)
_WRONG = "This token is not valid; give one of the API's tokens."
_FOREIGN = "A session is opened by the console's own pages alone."


class SessionRequest(WireModel):
    """One of the API's tokens."""

    token: SecretStr = Field(min_length=1, max_length=4096)


class Session(WireModel):
    """Who is logged in, and what they may do; without a name nobody needs to be."""

    name: str | None
    scopes: list[str]
    read_only: bool


@router.post("/console/session")
async def open_session(body: SessionRequest, request: Request, state: StateDep) -> Response:
    """Log in; guesses are slowed down like those of every other request."""
    refuse_when_off(state.settings)
    response = Response(status_code=204)
    if state.door is None or state.sessions is None:
        return response
    if request.headers.get(HEADER) != "1":
        raise UnauthorizedError(_FOREIGN)
    address = request.client.host if request.client is not None else ""
    caller = await state.door.identify([body.token.get_secret_value().encode()], address=address)
    if caller is None:
        raise UnauthorizedError(_WRONG)
    state.sessions.open(caller, response, request.scope)
    return response


@router.get("/console/session")
async def read_session(request: Request, state: StateDep) -> Response:
    """Who is logged in; 401 when nobody is and somebody has to be."""
    refuse_when_off(state.settings)
    read_only = state.settings.console == "read-only"
    if state.sessions is None:
        return model_response(Session(name=None, scopes=["admin"], read_only=False))
    caller = state.sessions.recognize(request.scope)
    if caller is None:
        raise UnauthorizedError
    response = model_response(Session(name=caller.name, scopes=sorted(caller.scopes), read_only=read_only))
    state.sessions.renew(response, request.scope)
    return response


@router.delete("/console/session")
async def close_session(request: Request, state: StateDep) -> Response:
    """Log out."""
    refuse_when_off(state.settings)
    response = Response(status_code=204)
    if state.sessions is not None:
        state.sessions.close(response, request.scope)
    return response
