"""Metrics on a port of their own, for who scrapes without a token."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import Receive, Scope, Send

from output.telemetry.metrics import CONTENT_TYPE

Scrape = Callable[[], Awaitable[bytes]]


class MetricsPortError(Exception):
    """The port of metrics cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str | None) -> None:
        super().__init__(f"Cannot listen on {host}:{port} for metrics: {reason}.")


@asynccontextmanager
async def serve_metrics(host: str, port: int | None, scrape: Scrape) -> AsyncGenerator[int | None]:
    """Answer `/metrics` while the context lasts; gives the port, None where none is wanted. Raises MetricsPortError."""
    if port is None:
        yield None
        return
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise MetricsPortError(host, port, error.strerror) from error
    config = uvicorn.Config(
        _answer(scrape), log_config=None, access_log=False, server_header=False, ws="none", lifespan="off"
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        taken: int = listener.getsockname()[1]
        yield taken
    finally:
        server.should_exit = server.force_exit = True
        await asyncio.gather(serving, return_exceptions=True)


def metrics_facts(port: int | None) -> dict[str, int]:
    """What a process says of its port when it is ready."""
    return {} if port is None else {"metricsPort": port}


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield  # they are the process's, which ends this server


def _answer(scrape: Scrape) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        is_known = scope["path"] == "/metrics" and scope["method"] in {"GET", "HEAD"}
        body = await scrape() if is_known else b"Metrics are at /metrics.\n"
        content_type = CONTENT_TYPE if is_known else "text/plain; charset=utf-8"
        headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200 if is_known else 404, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    return answer
