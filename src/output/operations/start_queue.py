"""How many starts are with the engine at a time: a burst waits here, where it costs little, and is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from output.errors import TooManyStartsError
from output.models.references import RunRef

AT_A_TIME = 100
PATIENCE = timedelta(seconds=10)


class StartQueue:
    """Lets starts through a few at a time, in the order in which they came."""

    def __init__(self, limit: int = AT_A_TIME, patience: timedelta = PATIENCE) -> None:
        self._limit = limit
        self._patience = patience.total_seconds()
        self._places = asyncio.Semaphore(limit)

    @asynccontextmanager
    async def place(self, run: RunRef) -> AsyncGenerator[None]:
        """Hold a place while the engine starts a run. Raises TooManyStartsError: the engine has not seen the run."""
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise TooManyStartsError(self._limit, run=run) from None
        try:
            yield
        finally:
            self._places.release()
