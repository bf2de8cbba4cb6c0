"""HTTP below the application: limits at the door, and an answer in the contract's shape to what is no HTTP request."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from output.api.http.errors import error_response
from output.errors import OutputError, RequestHeadTooLargeError, TooManyConnectionsError, ValidationError

_SLICE = 16 * 1024  # bytes given to the parser at a time, so that what it holds is known


@dataclass(frozen=True)
class DoorLimits:
    """What one connection and all of them together may cost before anybody is known; times in seconds."""

    connections: int = 4000
    head: int = 64 * 1024
    pipelined: int = 100
    arrival: float = 30  # for a whole head, and for every 64 KiB of a body
    stall: float = 30  # that a reader may take nothing of a full buffer
    linger: float = 1  # after a refusal: a close with bytes unread would take the answer away from the client


class JsonHttpProtocol(HttpToolsProtocol):
    """Refuses what does not fit as JSON, before the application sees it."""

    limits = DoorLimits()

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._fault: OutputError | None = None
        self._is_refused = False
        self._is_in_head, self._is_complete = True, False
        self._head = self._silent = 0
        self._arrival: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(TooManyConnectionsError(self.limits.connections))
        else:
            self._expect_more()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._expect_nothing()
        if self._stall is not None:
            self._stall.cancel()

    def data_received(self, data: bytes) -> None:
        view = memoryview(data)
        for start in range(0, len(data), _SLICE):
            if self._is_refused or self.transport.is_closing():
                return
            self._take(bytes(view[start : start + _SLICE]))

    def _take(self, data: bytes) -> None:
        self._silent += len(data)
        was_in_head = self._is_in_head
        super().data_received(data)
        if self._is_refused or self.transport.is_closing():
            return
        if self._is_in_head and self._silent > self.limits.head:
            self._refuse(RequestHeadTooLargeError(self.limits.head))
        elif self._is_complete:
            self._expect_nothing()
        elif self._is_in_head != was_in_head or self._arrival is None or self._has_grown():
            self._expect_more()

    def _has_grown(self) -> bool:
        """Whether enough of a body came for it to have more time."""
        if self._is_in_head or self._silent < self.limits.head:
            return False
        self._silent = 0
        return True

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._is_complete = True, False
        self._head = 0

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def _count(self, size: int) -> None:
        self._silent = 0
        self._head += size
        if self._head > self.limits.head:
            self._stop(RequestHeadTooLargeError(self.limits.head))

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        assert self.parser is not None
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() != "1.0"):
            self._stop(ValidationError("This is no HTTP request: it needs one Host header."))
        if len(self.pipeline) >= self.limits.pipelined:
            self._stop(ValidationError(f"At most {self.limits.pipelined} requests wait on one connection."))
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_complete = True

    def _stop(self, fault: OutputError) -> None:
        """Leave the parser: it passes no exception on, but says that there was one."""
        self._fault = fault
        raise ValueError(fault.message)

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._fault or ValidationError(f"This is no HTTP request: {msg}"))

    def _refuse(self, fault: OutputError) -> None:
        self._is_refused = True
        self._expect_nothing()
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is not None and not cycle.response_complete:
            self.transport.abort()  # an answer is under way: another one between would be read as part of it
            return
        response = error_response(fault)
        headers = [
            *response.raw_headers,
            (b"x-request-id", str(uuid.uuid4()).encode()),
            (b"connection", b"close"),
        ]
        head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(STATUS_LINE[fault.status] + head + b"\r\n" + bytes(response.body))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(self.limits.linger, self.transport.abort)

    def eof_received(self) -> None:
        if self._is_refused:
            self.transport.close()

    def _expect_more(self) -> None:
        self._expect_nothing()
        self._arrival = self.loop.call_later(self.limits.arrival, self._give_up)

    def _expect_nothing(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def _give_up(self) -> None:
        self._arrival = None
        if self.flow.read_paused:
            self._expect_more()  # it is we who do not read
        else:
            self.transport.abort()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _watch_reader(self, unread: int) -> None:
        self._stall = self.loop.call_later(self.limits.stall, self._cut_stalled, unread)

    def _cut_stalled(self, unread: int) -> None:
        now = self.transport.get_write_buffer_size()
        if now < unread:
            self._watch_reader(now)
        else:
            self.transport.abort()
