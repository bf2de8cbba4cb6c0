"""One call for all who ask for the same thing at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """Calls under way, by what they are for; a caller that leaves takes nothing from the others."""

    def __init__(self) -> None:
        self._running: dict[K, asyncio.Task[V]] = {}

    async def share(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """What the call under way for the key gives, or a new one; raises what it raises."""
        return await asyncio.shield(self.begin(key, make))

    def begin(self, key: K, make: Callable[[], Awaitable[V]]) -> asyncio.Task[V]:
        """Have it under way; nobody need wait for it, and what it raises is then not reported."""
        task = self._running.get(key)
        if task is None:
            task = asyncio.ensure_future(_call(make))
            self._running[key] = task
            task.add_done_callback(lambda done: self._end(key, done))
        return task

    async def close(self) -> None:
        """Cancel what is under way."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, key: K, task: asyncio.Task[V]) -> None:
        del self._running[key]
        if not task.cancelled():
            task.exception()  # seen: whoever waits is told, and who comes later asks again


async def _call(make: Callable[[], Awaitable[V]]) -> V:
    return await make()
