"""Whether the caller has a route's scope, before the route is entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Match, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from output.api.http.errors import error_response
from output.api.scopes import MESSAGE, OPEN, RUN, scope_of
from output.errors import ForbiddenError
from output.security.scopes import ADMIN, Caller


def caller_of(connection: HTTPConnection) -> Caller | None:
    """Who asks; None where nobody needs a token: in development, and on the routes that are open."""
    return cast("Caller | None", connection.scope.get("state", {}).get("caller"))


class Permission:
    """Answers 403 where the caller lacks the scope of the table; a route that the table has not takes `admin`."""

    def __init__(self, app: ASGIApp, *, routes: Sequence[BaseRoute], router: Router) -> None:
        self._app = app
        self._routes = [route for route in routes if isinstance(route, Route)]
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            needed = self._needed(scope)
            if needed is not None and needed != OPEN:
                lacking = _lacking(needed, caller_of(HTTPConnection(scope)))
                if lacking is not None:
                    await error_response(lacking)(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    def _needed(self, scope: Scope) -> str | None:
        """The scope that this request takes; None where no route answers it, which is a 404 or a 405."""
        for route in self._routes:
            if route.matches(scope)[0] is Match.FULL:
                return scope_of(scope["method"], route.path)
        is_answered = any(route.matches(scope)[0] is Match.FULL for route in self._router.routes)
        return ADMIN if is_answered else None


def _lacking(needed: str, caller: Caller | None) -> ForbiddenError | None:
    # Nobody gets here but through an address that is open: a row that says otherwise is ours to mend.
    name = caller.name if caller is not None else "nobody"
    if needed in {RUN, MESSAGE}:
        may = caller is not None and caller.may_some(needed)
        return None if may else ForbiddenError(f"{needed}:<workflow>", caller=name)
    return None if caller is not None and caller.may(needed) else ForbiddenError(needed, caller=name)
