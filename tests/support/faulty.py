"""A server of this machine that fails as it is told to, connection by connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Faulty:
    """What came so far, and what is answered next; the last answer is given again."""

    port: int
    answers: list[bytes]
    seen: list[Seen] = field(default_factory=list[Seen])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        return [f"{each.method} {each.target}" for each in self.seen]


def answer(status: int, body: object = None, **headers: str) -> bytes:
    """A JSON answer; header names are written with `_` for `-`."""
    content = b"" if status == 204 else json.dumps(body).encode()
    return _head(status, {"content-type": "application/json", "content-length": str(len(content)), **headers}) + content


def page(status: int, text: str) -> bytes:
    """An HTML answer."""
    content = text.encode()
    return _head(status, {"content-type": "text/html", "content-length": str(len(content))}) + content


def stream(*events: bytes) -> bytes:
    """The beginning of a stream, after which the connection breaks: no end is announced, as with a dying server."""
    return _head(200, {"content-type": "text/event-stream; charset=utf-8"}) + b"".join(events)


def event(name: str, data: object, *, event_id: int | None = None) -> bytes:
    """A Server-Sent Event."""
    first = f"id: {event_id}\n" if event_id is not None else ""
    return f"{first}event: {name}\ndata: {json.dumps(data)}\n\n".encode()


DROP = b""
"""The connection breaks without an answer."""


def fault(name: str, message: str = "told so", **more: object) -> dict[str, object]:
    """The body of an error."""
    return {"error": name, "message": message, **more}


@asynccontextmanager
async def serve(*answers: bytes, port: int = 0, on_request: Callable[[], None] | None = None) -> AsyncGenerator[Faulty]:
    """A server that gives these answers in turn, and breaks the connection after each."""
    faulty = Faulty(port, list(answers))

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            faulty.seen.append(await _read(reader))
            if on_request is not None:
                on_request()
            writer.write(faulty.answers.pop(0) if len(faulty.answers) > 1 else faulty.answers[0])
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", port)
    faulty.port = server.sockets[0].getsockname()[1]
    try:
        yield faulty
    finally:
        server.close()
        await server.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Seen:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Seen(method, target, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Told\r\n{lines}connection: close\r\n\r\n".encode()
