"""All runs that somebody looks at: one channel for each, however many viewers it has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from output.engine.history.absence import LONGEST_ABSENCE
from output.engine.history.channel import Channel, ChannelOptions, Frame
from output.engine.history.reader import HistoryReader, PinnedRun
from output.engine.history.viewer import Viewer
from output.errors import ServerStoppingError, TooManyStreamsError
from output.models.references import RunRef


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLimits:
    """What a hub may take.

    `max_runs` bounds the long polls: the engine allows 1,200 in a namespace, workers included. A channel holds up to
    `window` bytes, all together `budget`; it outlives its last viewer by `linger`, so that one who reconnects finds it.
    An engine that is away for longer than `absence` breaks the streams.
    """

    max_runs: int = 500
    window: int = 8 * 1024 * 1024
    budget: int = 256 * 1024 * 1024
    linger: timedelta = timedelta(seconds=2)
    absence: timedelta = LONGEST_ABSENCE


class LiveHub:
    """Opens and closes channels as viewers come and go."""

    def __init__(self, reader: HistoryReader, *, frame: Frame, limits: HubLimits) -> None:
        self.reader = reader
        self._limits = limits
        self._options = ChannelOptions(frame=frame, limit=self._window, absence=limits.absence)
        self._channels: dict[str, Channel] = {}
        self._lingering: dict[str, asyncio.TimerHandle] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self.is_stopping = False

    @property
    def polls(self) -> int:
        """Long polls that are held at the engine now."""
        return sum(channel.is_polling for channel in self._channels.values())

    @property
    def viewers(self) -> int:
        """Streams with somebody at the other end."""
        return sum(len(channel.viewers) for channel in self._channels.values())

    def join(self, run: PinnedRun, *, after: int, include_payloads: bool) -> Viewer:
        """A viewer of a run's events after an ID; it must leave in the end.

        Raises TooManyStreamsError, ServerStoppingError.
        """
        if self.is_stopping:
            raise ServerStoppingError(run=run.ref)
        return Viewer(self._channel(run), after=after, include_payloads=include_payloads)

    def leave(self, viewer: Viewer) -> None:
        """The viewer has gone; with the last one goes the channel, after a moment."""
        channel = viewer.channel
        channel.viewers.discard(viewer.wake)
        run_id = cast("str", channel.run.ref.run_id)
        if not channel.viewers and self._channels.get(run_id) is channel:
            loop = asyncio.get_running_loop()
            self._lingering[run_id] = loop.call_later(self._limits.linger.total_seconds(), self._drop, run_id)

    def stop(self) -> None:
        """End every stream at once, and open no more; a signal handler may call it."""
        self.is_stopping = True
        for channel in list(self._channels.values()):
            channel.stop()

    async def close(self) -> None:
        """Stop, and give all polls back."""
        self.stop()
        for run_id in list(self._channels):
            self._drop(run_id)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _channel(self, run: PinnedRun) -> Channel:
        run_id = cast("str", run.ref.run_id)
        lingering = self._lingering.pop(run_id, None)
        if lingering is not None:
            lingering.cancel()
        channel = self._channels.get(run_id)
        if channel is not None and channel.error is None:
            return channel
        if not run.is_closed:
            self._make_room(run.ref)
        channel = self._channels[run_id] = Channel(run, self.reader, self._options)
        channel.open()
        return channel

    def _make_room(self, ref: RunRef) -> None:
        while self.polls >= self._limits.max_runs:
            if not self._lingering:
                raise TooManyStreamsError(self._limits.max_runs, run=ref)
            self._drop(next(iter(self._lingering)))

    def _drop(self, run_id: str) -> None:
        lingering = self._lingering.pop(run_id, None)
        if lingering is not None:
            lingering.cancel()
        channel = self._channels.pop(run_id)
        closing = asyncio.get_running_loop().create_task(channel.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    def _window(self) -> int:
        return min(self._limits.window, self._limits.budget // max(1, len(self._channels)))
