"""HEAD wherever there is a GET that ends."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from output.api.http.path_encoding import is_stream


class HeadAsGet:
    """Routes HEAD as GET; the server below sends the headers alone. Streams have no end: a 405."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD" and not is_stream(scope):
            as_get = {**scope, "method": "GET"}
            await self._app(as_get, receive, send)
            scope["route"] = as_get.get("route")  # for who looks from outside
            return
        await self._app(scope, receive, send)
