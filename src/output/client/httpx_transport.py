"""Requests over httpx, by the client's one policy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import httpx

from output.client.request import NoReply, Outcome, Reply, Request, Server, trust
from output.client.retry import Retries, accept, next_pause

# Servers close idle connections, uvicorn after 5 s; leaving first avoids a request that dies with the connection.
_KEEPALIVE_SECONDS = 3.0
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Transport:
    """The open connections to one server."""

    def __init__(self, server: Server, *, timeout: timedelta, retries: Retries) -> None:
        self.server, self.timeout, self.retries = server, timeout, retries
        self._http = httpx.AsyncClient(
            verify=trust(),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEPALIVE_SECONDS),
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def ask(self, request: Request) -> Reply:
        """The answer to a request; raises what the server raised, or ServerNotReachableError."""
        for attempt in count(1):
            outcome = await self._send(request)
            pause = next_pause(request, outcome, attempt=attempt, retries=self.retries)
            if pause is None:
                return accept(outcome, server=self.server)
            await asyncio.sleep(pause.total_seconds())
        raise AssertionError  # `count` does not end

    @asynccontextmanager
    async def open(self, request: Request, *, silence: timedelta) -> AsyncGenerator[httpx.Response | NoReply, None]:
        """An answer whose body is still coming: faults while it comes are httpx's, and so is too long a silence."""
        seconds = self.timeout.total_seconds()
        timeout = httpx.Timeout(seconds, read=silence.total_seconds())
        try:
            reply = await self._http.send(self._build(request, timeout), stream=True)
        except httpx.TransportError as fault:
            yield NoReply(describe(fault), sent=not isinstance(fault, _UNSENT))
            return
        try:
            yield reply
        finally:
            await reply.aclose()

    async def _send(self, request: Request) -> Outcome:
        seconds = self.timeout.total_seconds()
        timeout = httpx.Timeout(seconds, read=seconds + request.patience.total_seconds())
        try:
            reply = await self._http.send(self._build(request, timeout))
        except httpx.TransportError as fault:
            return NoReply(describe(fault), sent=not isinstance(fault, _UNSENT))
        return read(reply)

    def _build(self, request: Request, timeout: httpx.Timeout) -> httpx.Request:
        return self._http.build_request(
            request.method,
            self.server.address(request),
            content=request.body,
            headers=dict(self.server.headers(request)),
            timeout=timeout,
        )


def head(reply: httpx.Response) -> Reply:
    """An answer without its body."""
    return Reply(reply.status_code, {name.lower(): value for name, value in reply.headers.items()}, b"")


def read(reply: httpx.Response) -> Reply:
    """An answer whose body has come."""
    return replace(head(reply), body=reply.content)


def describe(fault: httpx.TransportError) -> str:
    """Why there was no answer, in few words."""
    if isinstance(fault, httpx.TimeoutException):
        return "it took too long"
    if isinstance(fault, httpx.ConnectError) and "attempts failed" in str(fault):
        return "connection refused"
    return str(fault) or type(fault).__name__
