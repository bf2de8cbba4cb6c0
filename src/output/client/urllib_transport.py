"""Requests without an event loop and without pydantic, for a command line that starts at once."""

from __future__ import annotations

import time
from datetime import timedelta
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from itertools import count
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import BaseHandler, HTTPHandler, HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener
from urllib.request import Request as UrlRequest

from output.client.request import NoResponse, Outcome, Request, Response, Server, trust
from output.client.retry import Retries, accept, next_pause


class _NoRedirects(HTTPRedirectHandler):
    """A redirect is an answer that no Output API gives; following one would carry the token elsewhere."""

    def redirect_request(  # noqa: PLR0917 — the library's signature
        self, req: UrlRequest, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> UrlRequest | None:
        return None


class _HearsRefusals(HTTPConnection):
    """Reads the response of a server that refused the body before it was sent whole, and closed the connection."""

    def send(self, data: Any) -> None:
        try:
            super().send(data)
        except (BrokenPipeError, ConnectionResetError):
            if self.sock is None:
                raise  # nothing was sent, and nothing can have been said


class _HearsRefusalsSecurely(_HearsRefusals, HTTPSConnection):
    """The same over TLS."""


class _PlainHandler(HTTPHandler):
    def http_open(self, req: UrlRequest) -> HTTPResponse:
        return self.do_open(_HearsRefusals, req)


class _SecureHandler(HTTPSHandler):
    def https_open(self, req: UrlRequest) -> HTTPResponse:
        return self.do_open(_HearsRefusalsSecurely, req, context=trust())


def ask(server: Server, request: Request, *, retries: Retries, timeout: timedelta) -> Response:
    """The answer to a request, by the client's one policy; raises what the server raised."""
    for attempt in count(1):
        outcome = _send(server, request, timeout=timeout + request.extra_wait)
        pause = next_pause(request, outcome, attempt=attempt, retries=retries)
        if pause is None:
            return accept(outcome, server=server)
        time.sleep(pause.total_seconds())
    raise AssertionError  # `count` does not end


def _send(server: Server, request: Request, *, timeout: timedelta) -> Outcome:
    handlers: list[BaseHandler] = [_SecureHandler(context=trust())] if server.url.startswith("https:") else []
    if server.is_loopback:
        handlers.append(ProxyHandler({}))
    opener = build_opener(_NoRedirects, _PlainHandler, *handlers)
    call = UrlRequest(  # noqa: S310 — `Server` takes http and https only
        server.address(request),
        data=request.body,
        headers=dict(server.headers(request)),
        method=request.method,
    )
    try:
        with opener.open(call, timeout=timeout.total_seconds()) as response:
            return _response(response.status, response.headers, response.read())
    except HTTPError as response:
        with response:
            return _response(response.code, response.headers, response.read())
    except URLError as error:
        # Raised while connecting and while sending; only a refused or unresolved connection is surely unsent.
        reason = error.reason
        unsent = isinstance(reason, ConnectionRefusedError) or type(reason).__name__ == "gaierror"
        return NoResponse(_describe(reason), sent=not unsent)
    except (OSError, HTTPException) as error:
        return NoResponse(_describe(error), sent=True)


def _response(status: int, headers: Message, body: bytes) -> Response:
    return Response(status, {name.lower(): value for name, value in headers.items()}, body)


def _describe(reason: object) -> str:
    if isinstance(reason, ConnectionRefusedError):
        return "connection refused"
    if isinstance(reason, TimeoutError):
        return "it took too long"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return str(reason) or type(reason).__name__
