"""Starts in flight are bounded, and none is refused that the engine has seen."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from output.api.waiting_room import WaitingRoom
from output.errors import TooManyStartsError, TooManyWaitsError
from output.models.references import RunRef
from output.operations.start_queue import StartQueue


async def test_a_burst_goes_through_a_few_at_a_time() -> None:
    queue, now, most, done = StartQueue(10), 0, 0, 0

    async def start(number: int) -> None:
        nonlocal now, most, done
        async with queue.place(RunRef(str(number))):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1
            done += 1

    await asyncio.gather(*(start(number) for number in range(500)))

    assert (most, done) == (10, 500)


async def test_who_gets_no_place_in_time_is_told_the_id_and_has_started_nothing() -> None:
    queue = StartQueue(1, timedelta(milliseconds=10))
    async with queue.place(RunRef("first")):
        with pytest.raises(TooManyStartsError) as refused:
            async with queue.place(RunRef("second")):
                pytest.fail("there was no place")

    body = refused.value.body()
    assert (body["workflowId"], refused.value.status) == ("second", 503)
    assert refused.value.retry_after
    async with queue.place(RunRef("third")):
        pass


def test_waits_beyond_the_limit_are_refused_with_the_runs_ids() -> None:
    room = WaitingRoom(1)
    with room.seat(RunRef("a")), pytest.raises(TooManyWaitsError) as refused, room.seat(RunRef("b", "run-of-b")):
        pytest.fail("there was no seat")
    with room.seat(RunRef("c")):
        pass

    body = refused.value.body()
    assert (body["workflowId"], body["runId"]) == ("b", "run-of-b")
