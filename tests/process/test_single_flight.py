"""One call for all who ask at once."""

from __future__ import annotations

import asyncio

import pytest

from output.process.single_flight import SingleFlight


class Source:
    """Something slow that counts how often it is asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked = 0
        self.gate = asyncio.Event()
        self._error = error

    async def read(self) -> int:
        self.asked += 1
        await self.gate.wait()
        if self._error is not None:
            raise self._error
        return self.asked


async def test_all_who_ask_at_once_share_one_call_and_later_ones_make_another() -> None:
    flight, source = SingleFlight[str, int](), Source()
    asking = [asyncio.create_task(flight.share("key", source.read)) for _ in range(5)]
    await asyncio.sleep(0)
    source.gate.set()

    assert await asyncio.gather(*asking) == [1] * 5
    assert await flight.share("key", source.read) == 2


async def test_other_keys_have_calls_of_their_own() -> None:
    flight, source = SingleFlight[str, int](), Source()
    source.gate.set()

    await asyncio.gather(flight.share("one", source.read), flight.share("two", source.read))

    assert source.asked == 2


async def test_one_who_leaves_takes_nothing_from_the_others() -> None:
    flight, source = SingleFlight[str, int](), Source()
    leaving = asyncio.create_task(flight.share("key", source.read))
    staying = asyncio.create_task(flight.share("key", source.read))
    await asyncio.sleep(0)
    leaving.cancel()
    source.gate.set()

    assert await staying == 1
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_an_error_is_everybodys_and_is_not_kept() -> None:
    flight, source = SingleFlight[str, int](), Source(OSError("away"))
    source.gate.set()
    asking = [asyncio.create_task(flight.share("key", source.read)) for _ in range(2)]

    assert [str(each) for each in await asyncio.gather(*asking, return_exceptions=True)] == ["away", "away"]
    with pytest.raises(OSError, match="away"):
        await flight.share("key", source.read)
    assert source.asked == 2


async def test_what_nobody_waits_for_may_fail_and_closing_ends_what_is_under_way() -> None:
    flight, failing, slow = SingleFlight[str, int](), Source(OSError("away")), Source()
    failing.gate.set()
    flight.begin("failing", failing.read)
    task = flight.begin("slow", slow.read)
    await asyncio.sleep(0.01)
    await flight.close()

    assert task.cancelled()
    assert failing.asked == 1
