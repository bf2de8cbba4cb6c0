"""One page of a run's history, never longer than asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from temporalio.api.history.v1 import HistoryEvent

from output.engine.history.page_token import Cursor, PageTokens
from output.engine.history.reader import EnginePage, HistoryReader, PinnedRun
from output.engine.run_end import is_terminal
from output.models.history import HistoryRun
from output.models.references import RunRef

_ENGINE_POLL = timedelta(seconds=15)  # below the 20 s after which the engine answers by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which page: `size` is a true cap; with `wait` a caller that has caught up waits that long for an event."""

    size: int
    token: str | None = None
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order; `run` where it is to be told; no token means that there are no more events by now."""

    ref: RunRef
    run: HistoryRun | None
    events: list[HistoryEvent]
    next_token: str | None


@dataclass(slots=True)
class _Gathering:
    """Events of one page as they come in, and the place behind them."""

    cursor: Cursor
    room: int
    events: list[HistoryEvent] = field(default_factory=list[HistoryEvent])
    is_over: bool = False

    @property
    def has_caught_up(self) -> bool:
        return self.cursor.delivered >= self.cursor.known

    @property
    def is_full(self) -> bool:
        return self.room == 0 or self.is_over

    def add(self, page: EnginePage) -> None:
        """Take what fits of an engine's page; the engine's batches may hold far more than one of ours."""
        delivered = self.cursor.delivered
        start = page.index_after(delivered)
        taken = list(page.events[start : start + self.room])
        self.room -= len(taken)
        self.events.extend(taken)
        is_used_up = start + len(taken) == len(page.events)
        if taken:
            delivered = taken[-1].event_id
            self.is_over = is_terminal(taken[-1])
        if is_used_up and not page.next_token:
            self.is_over = True
        token = page.next_token if is_used_up else self.cursor.engine_token
        self.cursor = Cursor(token, delivered, max(self.cursor.known, page.last_id))


class PageReader:
    """Reads pages of histories by tokens of its own."""

    def __init__(self, reader: HistoryReader, *, secrets: Sequence[str]) -> None:
        self._reader = reader
        self._tokens = PageTokens(secrets)

    async def read(self, run: RunRef, page: PageRequest) -> EventPage:
        """One page; without a token the first one.

        Raises WorkflowNotFoundError, InvalidPageTokenError (a token that is not for this run), EngineNotAvailableError.
        """
        if page.token is None:
            return await self._read_first(run, page)
        return await self._read_next(run, page, self._tokens.read(page.token, run))

    async def _read_first(self, run: RunRef, page: PageRequest) -> EventPage:
        pinned = await self._reader.pin(run)
        gathering = _Gathering(Cursor(known=pinned.summary.history_length), page.size)
        await self._fill(pinned.ref, gathering)
        return await self._finish(pinned.ref, gathering, page, pinned=pinned)

    async def _read_next(self, run: RunRef, page: PageRequest, cursor: Cursor) -> EventPage:
        gathering = _Gathering(cursor, page.size)
        pinned: PinnedRun | None = None
        if gathering.has_caught_up:
            if page.wait is not None:
                await self._wait(run, gathering, page.wait)
            else:
                pinned = await self._reader.pin(run)
                gathering.cursor = replace(cursor, known=pinned.summary.history_length)
        await self._fill(run, gathering)
        return await self._finish(run, gathering, page, pinned=pinned)

    async def _fill(self, run: RunRef, gathering: _Gathering) -> None:
        while not gathering.is_full and not gathering.has_caught_up:
            cursor = gathering.cursor
            gathering.add(await self._reader.read(run, cursor.engine_token, known=cursor.known))

    async def _wait(self, run: RunRef, gathering: _Gathering, wait: timedelta) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait.total_seconds()
        while not gathering.events and not gathering.is_over:
            left = timedelta(seconds=max(0.0, deadline - loop.time()))
            gathering.add(await self._reader.poll(run, gathering.cursor.engine_token, wait=min(left, _ENGINE_POLL)))
            if loop.time() >= deadline:
                return

    async def _finish(
        self, run: RunRef, gathering: _Gathering, page: PageRequest, *, pinned: PinnedRun | None
    ) -> EventPage:
        told = page.token is None or page.wait is not None
        if told and (pinned is None or (gathering.is_over and not pinned.is_closed)):
            pinned = await self._reader.pin(run)
        more = not gathering.is_over and (page.wait is not None or not gathering.has_caught_up)
        token = self._tokens.write(gathering.cursor, run) if more else None
        if more and not gathering.events and page.token is not None:
            token = page.token
        return EventPage(run, pinned.summary if told and pinned is not None else None, gathering.events, token)
