"""Schedules in pages."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from output.engine.connection import Engine
from output.engine.schedules import store
from output.engine.schedules.reading import schedule_of
from output.errors import InvalidPageTokenError, ScheduleNotFoundError
from output.models.schedules import ScheduleDescription, SchedulePage
from output.security.signing import Signer

_AT_ONCE = 10  # schedules that are read at a time: each is a call of its own, and one more for each run that is open


class ScheduleLister:
    """Lists the schedules that Output has made; its page tokens are worth something only here."""

    def __init__(self, engine: Engine, *, secrets: Sequence[str]) -> None:
        self._engine = engine
        self._signer = Signer(secrets, purpose="schedule page")

    async def list(self, *, limit: int, token: str | None) -> SchedulePage:
        """A page, the latest made first; shorter where others have made schedules too. Raises InvalidPageTokenError."""
        position = b"" if token is None else self._signer.read(token)
        if position is None:
            raise InvalidPageTokenError("This page token was not handed out here; read the first page without one.")
        listed, position = await store.read_page(self._engine, size=limit, token=position)
        gate = asyncio.Semaphore(_AT_ONCE)
        found = await asyncio.gather(*(self._read(entry.id, gate) for entry in listed))
        schedules = [schedule for schedule in found if schedule is not None]
        next_token = self._signer.sign(position) if position else None
        return SchedulePage(schedules=schedules, count=len(schedules), next_page_token=next_token)

    async def _read(self, schedule_id: str, gate: asyncio.Semaphore) -> ScheduleDescription | None:
        async with gate:
            try:
                return await schedule_of(self._engine, await store.read(self._engine, schedule_id))
            except ScheduleNotFoundError:  # another's, or removed since it was listed
                return None
