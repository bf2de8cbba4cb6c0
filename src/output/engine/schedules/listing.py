"""Schedules in pages."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from output.engine.connection import Engine
from output.engine.listing_position import ListingPositions
from output.engine.schedules import store
from output.engine.schedules.reading import schedule_of
from output.errors import ScheduleNotFoundError
from output.models.schedules import ScheduleDescription, SchedulePage

_AT_ONCE = 10  # schedules that are read at a time: each is a call of its own, and one more for each run that is open


class ScheduleLister:
    """Lists the schedules that Output has made; its page tokens are worth something only here."""

    def __init__(self, engine: Engine, *, secrets: Sequence[str]) -> None:
        self._engine = engine
        self._positions = ListingPositions(secrets, purpose="schedule page")

    async def list(self, *, limit: int, token: str | None) -> SchedulePage:
        """A page, the latest made first; shorter where others have made schedules too. Raises InvalidPageTokenError."""
        listed, position = await store.read_page(self._engine, size=limit, token=self._positions.read(token))
        gate = asyncio.Semaphore(_AT_ONCE)
        found = await asyncio.gather(*(self._read(entry.id, gate) for entry in listed))
        schedules = [schedule for schedule in found if schedule is not None]
        next_token = self._positions.write(position)
        return SchedulePage(schedules=schedules, count=len(schedules), next_page_token=next_token)

    async def _read(self, schedule_id: str, gate: asyncio.Semaphore) -> ScheduleDescription | None:
        async with gate:
            try:
                return await schedule_of(self._engine, await store.read(self._engine, schedule_id))
            except ScheduleNotFoundError:  # another's, or removed since it was listed
                return None
