"""Requests counted by route and status."""

from __future__ import annotations

import time
from typing import cast

from prometheus_client import CollectorRegistry, Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from output.api.http.path_encoding import is_stream
from output.telemetry.metrics import OTHER, SHORT, durations

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROUTE = "(none)"  # refused before a route was looked for, or answered by none


class RequestMetrics:
    """The outermost layer: routes by their templates, so that IDs make no series."""

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ["method", "route"]
        self._requests = Counter(
            "output_http_requests", "Requests that were answered.", [*labels, "status"], registry=registry
        )
        self._seconds = durations(
            registry, "output_http_request_duration_seconds", "How long requests took, streams left out.", labels, SHORT
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 499  # the client has left

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = cast("int", message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else OTHER
            route = getattr(scope.get("route"), "path_format", _NO_ROUTE)
            self._requests.labels(method, route, str(status)).inc()
            if not is_stream(scope):
                self._seconds.labels(method, route).observe(time.perf_counter() - started)
