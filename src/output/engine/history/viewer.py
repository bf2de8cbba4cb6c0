"""One reader of a run's events: from where it is, through what is held, to what happens next."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Literal

from output.engine.history.channel import Channel, Chunk, split
from output.errors import OutputError
from output.models.history import StreamDone

_BURST_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class Frames:
    """Rendered events, and the end of the run when they are the last."""

    data: bytes
    end: StreamDone | None = None


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Nothing more comes, though the run may go on: the viewer fell behind or left, or the server stops."""

    reason: Literal["behind", "left", "stopping"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Nothing more comes: a fault that waiting does not mend."""

    error: OutputError


Step = Frames | Disconnect | Failure


class Viewer:
    """Reads on from one event to the next; its channel wakes it.

    From the window that the channel holds, or page by page where that begins later. One that had caught up and then
    fell out of the window is cut off: it reads too slowly to be waited for.
    """

    __slots__ = (
        "_absence",
        "_after",
        "_caught_up",
        "_has_left",
        "_include_payloads",
        "_paged",
        "_token",
        "channel",
        "wake",
    )

    def __init__(self, channel: Channel, *, after: int, include_payloads: bool) -> None:
        self.channel = channel
        self.wake = asyncio.Event()
        channel.viewers.add(self.wake)
        self._after = after
        self._include_payloads = include_payloads
        self._caught_up = False
        self._has_left = False
        self._token = b""
        self._paged: deque[Chunk] = deque()
        self._absence = channel.new_absence()

    def leave(self) -> None:
        """Want no more: whoever waits for the next step gets none."""
        self._has_left = True
        self.wake.set()

    async def next(self) -> Step:
        """What comes next, however long it takes; nothing is lost when the wait for it is cancelled."""
        while True:
            self.wake.clear()
            step = self._look()
            if step is not None:
                return step
            if self._after < self.channel.last_id:
                if self._caught_up:
                    return Disconnect("behind")
                error = await self._page()
                if error is not None:
                    return Failure(error)
            else:
                await self.wake.wait()

    def _look(self) -> Step | None:
        """What is there already."""
        channel = self.channel
        if self._has_left or channel.is_stopping:
            return Disconnect("left" if self._has_left else "stopping")
        data = self._take()
        has_all = self._after >= channel.last_id
        if has_all and channel.has_caught_up:
            self._caught_up = True
        end = channel.end if has_all else None
        if data or end is not None:
            return Frames(data, end)
        return Failure(channel.error) if channel.error is not None else None

    def _take(self) -> bytes:
        frames: list[bytes] = []
        size = 0
        while size < _BURST_BYTES:
            frame = self._take_one()
            if frame is None:
                break
            frames.append(frame)
            size += len(frame)
        return frames[0] if len(frames) == 1 else b"".join(frames)

    def _take_one(self) -> bytes | None:
        chunk = self.channel.chunk_after(self._after)
        if chunk is not None:
            self._paged.clear()
            self._token = b""
            frame = self.channel.frame(chunk, after=self._after, include_payloads=self._include_payloads)
        elif self._paged:
            chunk = self._paged.popleft()
            frame = self.channel.render(chunk.events, include_payloads=self._include_payloads)
        else:
            return None
        self._after = chunk.last_id
        return frame

    async def _page(self) -> OutputError | None:
        """Read a page that the channel no longer holds; the fault when that is final."""
        channel = self.channel
        try:
            page = await channel.reader.read(channel.run.ref, self._token, known=channel.last_id)
        except OutputError as error:
            try:
                pause = self._absence.pause(error)
            except OutputError as final:
                return final
            await self._rest(pause)
            return None
        self._absence.reset()
        self._token = page.next_token
        self._paged.extend(split(page, after=self._after))
        return None

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        except TimeoutError:
            return
