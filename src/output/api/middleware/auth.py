"""Who may ask: callers with a token in production, everybody in development."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import cast

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from output.api.http.errors import error_response
from output.api.middleware.request_facts import RequestFacts
from output.api.scopes import is_open
from output.api.token_door import TokenDoor
from output.errors import OutputError, UnauthorizedError
from output.security.scopes import Caller

_WRONG = "The credentials are not valid; send one of the API's tokens, as `Authorization: Bearer <token>`."
Recognizer = Callable[[Scope], Caller | None]


class Auth:
    """Answers 401 before a body is read; who asks is the `caller` of the request's state.

    `recognizers` are other ways in than a token: each says who a request is from, or None.
    """

    def __init__(self, app: ASGIApp, *, door: TokenDoor, recognizers: Sequence[Recognizer] = ()) -> None:
        self._app = app
        self._door = door
        self._recognizers = recognizers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            caller = await self._caller(scope)
        except OutputError as error:
            await error_response(error)(scope, receive, send)
            return
        state = cast("dict[str, object]", scope["state"])
        state["caller"] = caller
        cast("RequestFacts", state["facts"]).caller = caller.name
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Caller:
        """Raises UnauthorizedError, TooManyAttemptsError."""
        given = _tokens(Headers(scope=scope).get("authorization"))
        client: tuple[str, int] | None = scope.get("client")
        address = client[0] if client is not None else ""
        recognized = next(filter(None, (recognize(scope) for recognize in self._recognizers)), None)
        caller = recognized or await self._door.identify(given, address=address)
        if caller is None:
            has_header = "authorization" in Headers(scope=scope)
            raise UnauthorizedError(_WRONG) if has_header else UnauthorizedError()
        return caller


def _tokens(authorization: str | None) -> list[bytes]:
    """What an `Authorization` header may mean: `Bearer <token>`, or `Basic` with the bare token or with base64 of
    `user:token`, whoever the user."""
    scheme, _, given = (authorization or "").strip().partition(" ")
    bare = given.strip().encode("latin-1", "replace")
    if not bare or scheme.lower() not in {"bearer", "basic"}:
        return []
    password = _password(bare) if scheme.lower() == "basic" else None
    return [bare] if password is None else [password, bare]


def _password(encoded: bytes) -> bytes | None:
    try:
        user_and_password = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    user, colon, password = user_and_password.partition(b":")
    del user
    return password if colon else None
