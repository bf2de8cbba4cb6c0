"""The answer that goes on: frames as they come, comments while nothing comes, an end as soon as there is one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from output.api.http.disconnect import ClientGoneError
from output.api.sse import frames
from output.engine.history.hub import LiveHub
from output.engine.history.viewer import Failure, Frames, Step, Viewer
from output.models.history import StreamOpened
from output.models.references import RunRef

KEEP_ALIVE = timedelta(seconds=15)
# A client that takes nothing for so long is given up; until then at most one burst and the socket's buffer wait for it.
STALL = timedelta(seconds=30)
PIECE = 64 * 1024  # bytes written at a time: a reader that stalls holds no more in the server's buffer
_CUTS = {"behind": frames.BEHIND, "stopping": frames.STOPPING, "left": b""}
_HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


class EventStream(Response):
    """Streams one viewer's frames; the viewer leaves when the stream ends, however it ends."""

    media_type = "text/event-stream"

    def __init__(
        self,
        hub: LiveHub,
        viewer: Viewer,
        opening: StreamOpened,
        *,
        keep_alive: timedelta = KEEP_ALIVE,
        stall: timedelta = STALL,
    ) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers(_HEADERS)
        self._hub = hub
        self._viewer = viewer
        self._opening = opening
        self._keep_alive = keep_alive.total_seconds()
        self._stall = stall.total_seconds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        watch = asyncio.create_task(self._watch(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._stream(send)
        finally:
            watch.cancel()
            self._hub.leave(self._viewer)

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._viewer.leave()

    async def _stream(self, send: Send) -> None:
        data, is_last = frames.write_opening(self._opening), False
        while True:
            for start in range(0, len(data) or 1, PIECE):
                piece = data[start : start + PIECE]
                await self._send(send, piece, is_last=is_last and start + PIECE >= len(data))
            if is_last:
                return
            data, is_last = await self._next()

    async def _send(self, send: Send, data: bytes, *, is_last: bool) -> None:
        try:
            async with asyncio.timeout(self._stall):
                await send({"type": "http.response.body", "body": data, "more_body": not is_last})
        except TimeoutError:
            raise ClientGoneError from None

    async def _next(self) -> tuple[bytes, bool]:
        """What to send, and whether it is the last."""
        try:
            async with asyncio.timeout(self._keep_alive):
                step = await self._viewer.next()
        except TimeoutError:
            return frames.KEEP_ALIVE, False
        return _write(step, self._viewer.channel.run.ref)


def _write(step: Step, run: RunRef) -> tuple[bytes, bool]:
    if isinstance(step, Frames):
        return (step.data, False) if step.end is None else (step.data + frames.write_done(step.end), True)
    if isinstance(step, Failure):
        return frames.write_error(step.error, run), True
    return _CUTS[step.reason], True
