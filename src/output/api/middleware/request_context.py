"""What holds on every answer: a request ID, one line in the access log, and the error shape even for our own faults."""

from __future__ import annotations

import re
import time
import uuid
from typing import cast

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from output.api.http.disconnect import ClientGoneError
from output.api.http.errors import error_response
from output.api.http.path_encoding import drop_trailing_slash, is_well_encoded, keep_slashes
from output.api.middleware.request_facts import RequestFacts
from output.errors import InternalServerError, ValidationError
from output.models.references import Issue

log = structlog.get_logger("output.api")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
_PROBED = frozenset({"/ready", "/workflow/catalog"})
_CLIENT_GONE = 499  # nobody sees it but the log

# Whoever has the address of a question may answer it.
_SECRET_PATH = re.compile(r"(?i)(/approve/).+")


class RequestContext:
    """The outermost layer: gives every request an ID and every answer the headers that the route asked for, logs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        structlog.contextvars.bind_contextvars(request_id=request_id)
        facts = RequestFacts()
        # A dict of its own: the server's is shared by all requests.
        scope["state"] = {**scope.get("state", {}), "facts": facts}
        keep_slashes(scope)
        drop_trailing_slash(scope)
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = cast("int", message["status"])
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if facts.caller is not None:
                    headers.setdefault("Cache-Control", "no-store")
                headers.update(facts.headers)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ClientGoneError:
            status = _CLIENT_GONE
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            if not _is_probe(scope):
                log.info(
                    "request",
                    method=scope["method"],
                    path=_logged_path(scope),
                    status=status or _CLIENT_GONE,
                    ms=milliseconds,
                    **({"workflow": facts.workflow} if facts.workflow else {}),
                    **({"caller": facts.caller} if facts.caller else {}),
                )
            structlog.contextvars.unbind_contextvars("request_id")


class ServerErrorMiddleware:
    """Answers what no route has answered: a fault of ours, whose details go to the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not is_well_encoded(scope):
            await error_response(_broken_path())(scope, receive, send)
            return
        has_started = False

        async def notice_start(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, notice_start)
        except ClientGoneError:
            raise
        except Exception:
            log.exception("internal error")
            if not has_started:
                await error_response(InternalServerError())(scope, receive, send)


def _is_probe(scope: Scope) -> bool:
    """Whether `output dev` asks from this machine if the server is ready."""
    return b"x-output-probe" in dict(scope["headers"]) and scope["path"] in _PROBED


def _broken_path() -> ValidationError:
    message = "the path holds a % that begins no encoded byte of UTF-8 text; write it as %25"
    return ValidationError(f"The request does not fit: {message}.", issues=[Issue("path", message, "encoding")])


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.match(given) else str(uuid.uuid4())


def _logged_path(scope: Scope) -> str:
    # As it was sent: percent-encoded, so that nobody writes lines of his own into the log; never the query.
    raw = cast("bytes", scope.get("raw_path") or b"")
    path = raw.partition(b"?")[0].decode("latin-1") or "/"
    return _SECRET_PATH.sub(r"\1***", path)
