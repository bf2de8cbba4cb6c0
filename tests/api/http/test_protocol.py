"""Limits at the door, over sockets: what a connection may cost before anybody is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import uvicorn
from starlette.types import Receive, Scope, Send

from output.api.http.protocol import DoorLimits, JsonHttpProtocol

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
SHORT = replace(DoorLimits(), arrival=0.2, stall=0.3, linger=0.2)


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    """As many bytes as the path says, after the whole body."""
    if scope["type"] != "http":
        return
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            break
    size = int(scope["path"].strip("/") or "2")
    length = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    for start in range(0, size, 65536):
        rest = size - start
        await send({"type": "http.response.body", "body": b"x" * min(rest, 65536), "more_body": rest > 65536})


class _Server:
    def __init__(self, port: int, server: uvicorn.Server) -> None:
        self._port = port
        self.server = server

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port)

    async def ask(self, data: bytes) -> bytes:
        """All that comes until the server closes."""
        reader, writer = await self.connect()
        writer.write(data)
        try:
            return await asyncio.wait_for(reader.read(), 20)
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def _serve(limits: DoorLimits = SHORT) -> AsyncGenerator[_Server]:
    protocol = type("Limited", (JsonHttpProtocol,), {"limits": limits})
    server = uvicorn.Server(
        uvicorn.Config(_answer, port=0, http=protocol, ws="none", lifespan="off", log_config=None, access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield _Server(server.servers[0].sockets[0].getsockname()[1], server)
    finally:
        server.should_exit = True
        await serving


async def test_a_head_over_the_limit_is_a_431_and_the_connection_closes() -> None:
    async with _serve() as server:
        many = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 1000) for number in range(70))
        for head in (many, b"X-One: " + b"y" * 100_000 + b"\r\n", b"X-Unfinished: " + b"y" * 200_000):
            answer = await server.ask(GET + head + b"\r\n")
            assert answer.startswith(b"HTTP/1.1 431 ")
            assert b'"error":"RequestHeadTooLargeError"' in answer.replace(b'": "', b'":"')
            assert b"connection: close" in answer


async def test_a_head_below_the_limit_is_taken() -> None:
    async with _serve() as server:
        answer = await server.ask(GET + b"X: " + b"y" * 60_000 + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_no_host_and_two_hosts_are_a_400() -> None:
    async with _serve() as server:
        for request in (b"GET / HTTP/1.1\r\n\r\n", GET + b"Host: other\r\n\r\n"):
            assert (await server.ask(request)).startswith(b"HTTP/1.1 400 ")
        assert (await server.ask(b"GET / HTTP/1.0\r\n\r\n")).startswith(b"HTTP/1.1 200 ")


async def test_a_head_or_body_that_does_not_come_is_closed() -> None:
    async with _serve() as server:
        assert await server.ask(b"") == b""
        assert await server.ask(GET) == b""
        assert await server.ask(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc") == b""


async def test_a_body_that_goes_on_coming_is_taken_however_long_it_takes() -> None:
    async with _serve(replace(SHORT, arrival=0.5, head=1024)) as server:
        reader, writer = await server.connect()
        writer.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 16000\r\n\r\n")
        for _ in range(8):
            writer.write(b"x" * 2000)
            await asyncio.sleep(0.1)
        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
        writer.close()


async def test_a_hundred_requests_ahead_are_answered_and_thousands_close_the_connection() -> None:
    async with _serve() as server:
        hundred = (GET + b"\r\n") * 99 + GET + b"Connection: close\r\n\r\n"
        assert (await server.ask(hundred)).count(b"HTTP/1.1 200 ") == 100
        assert (await server.ask((GET + b"\r\n") * 5000)).count(b"HTTP/1.1 200 ") < 200


async def test_connections_beyond_the_limit_are_a_503_and_the_others_go_on() -> None:
    async with _serve(replace(SHORT, connections=2, arrival=30)) as server:
        held = [await server.connect() for _ in range(2)]
        held[0][1].write(GET + b"\r\n")
        await held[0][0].readuntil(b"200 OK")

        answer = await server.ask(GET + b"\r\n")

        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"TooManyConnectionsError" in answer
        assert b"retry-after: 5" in answer.lower()
        for _, writer in held:
            writer.close()


async def test_a_reader_that_stalls_is_cut_and_its_answer_let_go() -> None:
    async with _serve() as server:
        _, writer = await server.connect()
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(b"GET /50000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while not server.server.server_state.connections:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(20):
            while server.server.server_state.connections:
                await asyncio.sleep(0.02)
        writer.close()
