"""Which browsers may read the answers: headers on every one of them, and preflights answered without credentials."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from output.api.middleware.origins import AllowedOrigins

EXPOSED = ("X-Request-ID", "Retry-After", "Deprecation", "Link")
_MAX_AGE = "600"  # seconds that a browser keeps the answer to a preflight


class Cors:
    """Adds CORS headers to every answer, errors included; starlette's own answers a refused preflight as text."""

    def __init__(self, app: ASGIApp, *, origins: AllowedOrigins, methods: Sequence[str]) -> None:
        self._app = app
        self._origins = origins
        self._methods = ", ".join(methods)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        allowed = self._allowed(headers.get("origin"))

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), allowed)
            await send(message)

        if scope["method"] == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers:
            await self._preflight(headers)(scope, receive, send_with_cors)
        else:
            await self._app(scope, receive, send_with_cors)

    def _allowed(self, origin: str | None) -> str | None:
        if self._origins.is_any:
            return "*"
        return origin if origin is not None and origin in self._origins else None

    def _add(self, headers: MutableHeaders, allowed: str | None) -> None:
        if allowed != "*":
            headers.add_vary_header("Origin")
        if allowed is not None:
            headers["Access-Control-Allow-Origin"] = allowed
            headers["Access-Control-Expose-Headers"] = ", ".join(EXPOSED)

    def _preflight(self, headers: Headers) -> Response:
        """An origin that is not allowed gets no CORS headers, which is what a browser goes by."""
        response = Response(status_code=204)
        if self._allowed(headers.get("origin")) is not None:
            response.headers["Access-Control-Allow-Methods"] = self._methods
            # Named, because `*` would not cover Authorization.
            wanted = headers.get("access-control-request-headers", "Authorization, Content-Type")
            response.headers["Access-Control-Allow-Headers"] = wanted
            response.headers["Access-Control-Max-Age"] = _MAX_AGE
        return response
