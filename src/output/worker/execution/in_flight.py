"""How many steps and children of one run are under way at a time: the rest waits its turn, in order of the calls."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from output.engine.payloads.limits import MAX_BYTES_IN_FLIGHT, MAX_CALLS_IN_FLIGHT, REFERENCE_BYTES


def _never(size: int) -> bool:
    del size
    return False


class InFlight:
    """Counts calls and the bytes of their inputs; replays as it ran, for nothing but the order of events decides."""

    def __init__(self, *, calls: int = MAX_CALLS_IN_FLIGHT, size: int = MAX_BYTES_IN_FLIGHT) -> None:
        self._most_calls, self._most_bytes = calls, size
        self._calls = self._bytes = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def place(self, size: int, *, is_light: Callable[[int], bool] = _never) -> AsyncGenerator[None]:
        """A place for a call with an input of so many bytes; one that is larger than all may be goes alone.

        One that finds no place by its size goes as a reference, if it `is_light`.
        """
        if (self._waiting or not self._fits(size)) and is_light(size):
            size = REFERENCE_BYTES
        await self._take(size)
        try:
            yield
        finally:
            self._give_back(size)

    async def _take(self, size: int) -> None:
        if not self._waiting and self._fits(size):
            self._count(size)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (size, turn)
        self._waiting.append(entry)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(size)  # its turn had come
            elif entry in self._waiting:
                self._waiting.remove(entry)
            raise

    def _give_back(self, size: int) -> None:
        self._calls, self._bytes = self._calls - 1, self._bytes - size
        while self._waiting and self._fits(self._waiting[0][0]):
            following, turn = self._waiting.popleft()
            if not turn.done():
                self._count(following)
                turn.set_result(None)

    def _fits(self, size: int) -> bool:
        return self._calls < self._most_calls and (self._bytes + size <= self._most_bytes or self._calls == 0)

    def _count(self, size: int) -> None:
        self._calls, self._bytes = self._calls + 1, self._bytes + size
