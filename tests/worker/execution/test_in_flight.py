"""Calls of one run wait their turn."""

from __future__ import annotations

import asyncio

import pytest

from output.worker.execution.in_flight import InFlight


class Calls:
    """Calls that stay until they are let go."""

    def __init__(self, in_flight: InFlight) -> None:
        self.in_flight = in_flight
        self.running: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}

    def start(self, name: str, size: int) -> asyncio.Task[None]:
        return asyncio.create_task(self._run(name, size))

    async def _run(self, name: str, size: int) -> None:
        async with self.in_flight.place(size):
            self.running.append(name)
            await self._ends.setdefault(name, asyncio.Event()).wait()
            self.running.remove(name)

    async def end(self, name: str) -> None:
        self._ends.setdefault(name, asyncio.Event()).set()
        await settle()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_than_so_many_at_a_time_and_the_rest_in_order() -> None:
    calls = Calls(InFlight(calls=2, size=1_000))
    tasks = [calls.start(name, 1) for name in "abcd"]
    await settle()

    assert calls.running == ["a", "b"]
    await calls.end("b")
    assert calls.running == ["a", "c"]
    for name in "acd":
        await calls.end(name)
    await asyncio.gather(*tasks)


async def test_large_inputs_wait_and_one_over_the_limit_goes_alone() -> None:
    calls = Calls(InFlight(calls=9, size=100))
    tasks = [calls.start(name, size) for name, size in (("a", 60), ("b", 60), ("c", 500), ("d", 10))]
    await settle()

    seen = [list(calls.running)]
    for name in "abcd":
        await calls.end(name)
        seen.append(list(calls.running))
    await asyncio.gather(*tasks)
    assert seen == [["a"], ["b"], ["c"], ["d"], []]


async def test_a_call_that_is_cancelled_while_it_waits_takes_no_place() -> None:
    calls = Calls(InFlight(calls=1, size=100))
    first, second, third = (calls.start(name, 1) for name in "abc")
    await settle()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await calls.end("a")

    assert calls.running == ["c"]
    await calls.end("c")
    await asyncio.gather(first, third)
