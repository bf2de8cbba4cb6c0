"""Requests over httpx, by the client's one policy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import httpx

from output.client.request import NoResponse, Outcome, Request, Response, Server, trust
from output.client.retry import Retries, accept, next_pause

# Servers close idle connections, uvicorn after 5 s; leaving first avoids a request that dies with the connection.
_KEEPALIVE_SECONDS = 3.0
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Transport:
    """The open connections to one server."""

    def __init__(self, server: Server, *, timeout: timedelta, retries: Retries) -> None:
        self.server, self.timeout, self.retries = server, timeout, retries
        try:
            self._http = httpx.AsyncClient(
                verify=trust(),
                follow_redirects=False,
                limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEPALIVE_SECONDS),
                trust_env=not server.is_loopback,  # a server on this machine is never asked through a proxy
            )
        except (ImportError, ValueError) as error:
            raise ValueError(
                f"The proxy {server.proxy or 'in the environment'} cannot be used: {error} "
                "Name another, or put the server's host into NO_PROXY."
            ) from error

    async def aclose(self) -> None:
        await self._http.aclose()

    async def ask(self, request: Request) -> Response:
        """The answer to a request; raises what the server raised, or ServerNotReachableError."""
        for attempt in count(1):
            outcome = await self._send(request)
            pause = next_pause(request, outcome, attempt=attempt, retries=self.retries)
            if pause is None:
                return accept(outcome, server=self.server)
            await asyncio.sleep(pause.total_seconds())
        raise AssertionError  # `count` does not end

    @asynccontextmanager
    async def open(self, request: Request, *, silence: timedelta) -> AsyncGenerator[httpx.Response | NoResponse, None]:
        """An answer whose body is still coming: faults while it comes are httpx's, and so is too long a silence."""
        seconds = self.timeout.total_seconds()
        timeout = httpx.Timeout(seconds, read=silence.total_seconds())
        try:
            response = await self._http.send(self._build(request, timeout), stream=True)
        except httpx.TransportError as error:
            yield NoResponse(describe(error), sent=not isinstance(error, _UNSENT))
            return
        try:
            yield response
        finally:
            await response.aclose()

    async def _send(self, request: Request) -> Outcome:
        seconds = self.timeout.total_seconds()
        timeout = httpx.Timeout(seconds, read=seconds + request.extra_wait.total_seconds())
        try:
            response = await self._http.send(self._build(request, timeout))
        except httpx.TransportError as error:
            return NoResponse(describe(error), sent=not isinstance(error, _UNSENT))
        return read(response)

    def _build(self, request: Request, timeout: httpx.Timeout) -> httpx.Request:
        return self._http.build_request(
            request.method,
            self.server.address(request),
            content=request.body,
            headers=dict(self.server.headers(request)),
            timeout=timeout,
        )


def head(response: httpx.Response) -> Response:
    """An answer without its body."""
    return Response(response.status_code, {name.lower(): value for name, value in response.headers.items()}, b"")


def read(response: httpx.Response) -> Response:
    """An answer whose body has come."""
    return replace(head(response), body=response.content)


def describe(error: httpx.TransportError) -> str:
    """Why there was no answer, in few words."""
    if isinstance(error, httpx.TimeoutException):
        return "it took too long"
    if isinstance(error, httpx.ConnectError) and "attempts failed" in str(error):
        return "connection refused"
    return str(error) or type(error).__name__
