"""A client of event streams over a bare socket, so that tests can read slowly, stop at any byte and hang up."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class HandlerCall:
    """One event of a stream, or a comment (`name` is then a colon)."""

    name: str
    data: Any = None
    id: str | None = None


@dataclass(slots=True)
class Stream:
    """An open answer: its head, and what comes; with a `budget` only so many bytes are read."""

    status: int
    headers: dict[str, str]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    _rest: bytes = b""
    body: bytes = b""
    budget: int | None = None

    async def next(self, *, seconds: float = 30) -> HandlerCall | None:
        """The next event or comment; None at the end of the stream."""
        async with asyncio.timeout(seconds):
            while b"\n\n" not in self._rest:
                chunk = await self._read_chunk()
                if not chunk:
                    return None
                self._rest += chunk
        block, _, self._rest = self._rest.partition(b"\n\n")
        return parse(block.decode())

    async def event(self, name: str, *, seconds: float = 30) -> HandlerCall:
        """The next event, which must be of that name; comments are passed over."""
        while True:
            sent = await self.next(seconds=seconds)
            assert sent is not None, f"the stream ended before {name!r}"
            if sent.name != ":":
                assert sent.name == name, sent
                return sent

    async def _read_chunk(self) -> bytes:
        try:
            size = int((await self.reader.readline()).strip() or b"0", 16)
            data = await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
        if self.budget is not None:
            data = data[: self.budget]
            self.budget -= len(data)
        return data


def parse(block: str) -> HandlerCall:
    """One block of a stream."""
    name, event_id, data = "message", None, ""
    for line in block.split("\n"):
        if line.startswith(":"):
            return HandlerCall(":", line[1:].strip())
        key, _, value = line.partition(": ")
        if key == "event":
            name = value
        elif key == "id":
            event_id = value
        elif key == "data":
            data += value
    return HandlerCall(name, json.loads(data), event_id)


@asynccontextmanager
async def open_stream(
    url: str, *, headers: dict[str, str] | None = None, receive_buffer: int | None = None
) -> AsyncGenerator[Stream]:
    """GET a stream; hangs up at the end. A small `receive_buffer` (bytes) makes the server feel a slow reader."""
    parts = urlsplit(url)
    connection = socket.socket()
    if receive_buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(connection, (parts.hostname, parts.port))
    except OSError:
        connection.close()
        raise
    limit = 64 * 1024 if receive_buffer is None else receive_buffer
    reader, writer = await asyncio.open_connection(sock=connection, limit=limit)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", "Accept: text/event-stream"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        received = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        stream = Stream(int(head[0].split()[1]), received, reader, writer)
        if "content-length" in received:
            stream.body = await reader.readexactly(int(received["content-length"]))
        yield stream
    finally:
        writer.close()


async def read_all(url: str, *, headers: dict[str, str] | None = None, seconds: float = 60) -> list[HandlerCall]:
    """Everything until the stream ends, comments left out."""
    sent: list[HandlerCall] = []
    async with asyncio.timeout(seconds), open_stream(url, headers=headers) as stream:
        assert stream.status == 200, stream.body
        while (each := await stream.next(seconds=seconds)) is not None:
            if each.name != ":":
                sent.append(each)
    return sent


def ids_in(sent: list[HandlerCall]) -> list[int]:
    """IDs of all history events, in the order they came."""
    return [int(event["eventId"]) for each in sent if each.name == "history" for event in each.data]
