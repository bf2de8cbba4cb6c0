"""What holds on every answer: a request ID, and one line in the access log."""

from __future__ import annotations

import re
import time
import uuid
from typing import cast

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from output.api.errors import error_response
from output.api.waiting import ClientGoneError
from output.errors import InternalServerError

log = structlog.get_logger("output.api")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")


class RequestContext:
    """The outermost layer: gives every request an ID, answers what nobody else did, logs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = cast("int", message["status"])
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except ClientGoneError:
            status = 499
        except Exception:
            log.exception("internal error")
            if status == 0:
                await error_response(InternalServerError())(scope, receive, send_with_id)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=milliseconds)
            structlog.contextvars.unbind_contextvars("request_id")


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.match(given) else str(uuid.uuid4())
