"""Viewers and channels: one poll a run, rendered once, bounded in memory, and never a gap."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from output.config.settings import EngineSettings, load
from output.engine.connection import connect
from output.engine.history.hub import HubLimits, LiveHub
from output.engine.history.reader import HistoryReader
from output.engine.history.viewer import Disconnect, Failure, Frames, Viewer
from output.errors import EngineNotAvailableError, ServerStoppingError, TooManyStreamsError
from output.models.references import RunRef
from tests.support.histories import Handle, answer_task, connect_to, marker, signal_many, start_run
from tests.support.servers import start_engine
from tests.support.waiting import eventually


class Frame:
    """Frames are the JSON arrays themselves, one a line; counts how many were made."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, last_id: int, data: bytes) -> bytes:
        del last_id
        self.made += 1
        return data + b"\n"


@asynccontextmanager
async def open_hub(address: str, limits: HubLimits, frame: Callable[[int, bytes], bytes]) -> AsyncGenerator[LiveHub]:
    engine = await connect(load(EngineSettings, address=address))
    reader = HistoryReader(engine)
    hub = LiveHub(reader, frame=frame, limits=limits)
    try:
        yield hub
    finally:
        await hub.close()
        await reader.close()


async def join(hub: LiveHub, handle: Handle, *, after: int = 0, include_payloads: bool = False) -> Viewer:
    pinned = await hub.reader.pin(RunRef(handle.id, handle.first_execution_run_id))
    return hub.join(pinned, after=after, include_payloads=include_payloads)


async def read_until(viewer: Viewer, last_id: int) -> list[int]:
    """IDs that the viewer gets, up to one."""
    received: list[int] = []
    async with asyncio.timeout(30):
        while not received or received[-1] < last_id:
            step = await viewer.next()
            assert isinstance(step, Frames)
            received += ids(step)
    return received


def ids(step: Frames) -> list[int]:
    return [int(event["eventId"]) for line in step.data.splitlines() for event in json.loads(line)]


async def test_many_viewers_of_a_run_share_one_poll_and_one_rendering(
    engine_address: str, engine_client: Client
) -> None:
    frame = Frame()
    handle = await start_run(engine_client)
    async with open_hub(engine_address, HubLimits(), frame) as hub:
        viewers = [await join(hub, handle, include_payloads=number % 2 == 0) for number in range(40)]
        await asyncio.gather(*(read_until(viewer, 2) for viewer in viewers))
        made = frame.made
        await handle.signal("tick")
        received = await asyncio.gather(*(read_until(viewer, 3) for viewer in viewers))

        assert received == [[3]] * 40
        assert hub.polls == 1
        assert (made, frame.made - made) == (2, 2)  # with payloads and without


async def test_the_poll_ends_soon_after_the_last_viewer_and_not_before(
    engine_address: str, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    async with open_hub(engine_address, HubLimits(linger=timedelta(milliseconds=100)), Frame()) as hub:
        first, second = await join(hub, handle), await join(hub, handle)
        hub.leave(first)
        await handle.signal("tick")
        assert await read_until(second, 3) == [1, 2, 3]

        hub.leave(second)
        assert hub.polls == 1
        await eventually(lambda: hub.polls == 0)


async def test_one_who_reconnects_at_once_finds_the_poll_still_there(
    engine_address: str, engine_client: Client
) -> None:
    frame = Frame()
    handle = await start_run(engine_client)
    async with open_hub(engine_address, HubLimits(), frame) as hub:
        for _ in range(5):
            viewer = await join(hub, handle)
            assert await read_until(viewer, 2) == [1, 2]
            hub.leave(viewer)

        assert frame.made == 1


async def test_a_late_viewer_reads_the_history_and_then_joins_the_others(
    engine_address: str, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    await signal_many(handle, 600)
    async with open_hub(engine_address, HubLimits(window=10_000), Frame()) as hub:
        early = await join(hub, handle)
        assert await read_until(early, 602) == list(range(1, 603))

        late, resumed = await join(hub, handle), await join(hub, handle, after=17)
        await handle.signal("tick")

        assert await read_until(late, 603) == list(range(1, 604))
        assert await read_until(resumed, 603) == list(range(18, 604))
        assert await read_until(early, 603) == [603]
        assert hub.polls == 1


async def test_a_viewer_that_falls_behind_is_cut_off_and_misses_nothing_when_it_resumes(
    engine_address: str, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    async with open_hub(engine_address, HubLimits(window=20_000), Frame()) as hub:
        slow, quick = await join(hub, handle), await join(hub, handle)
        received = await read_until(slow, 2)
        await answer_task(engine_client, handle, [marker(number) for number in range(1_000)])
        assert await read_until(quick, 1_004) == list(range(1, 1_005))
        await handle.signal("tick")
        await read_until(quick, 1_005)

        assert await slow.next() == Disconnect("behind")
        resumed = await join(hub, handle, after=received[-1])
        everything = received + await read_until(resumed, 1_005)
        assert everything == list(range(1, len(everything) + 1))


async def test_a_hub_that_is_full_takes_viewers_of_runs_that_are_followed_and_of_closed_ones(
    engine_address: str, engine_client: Client
) -> None:
    handle, other, closed = [await start_run(engine_client) for _ in range(3)]
    await closed.terminate()
    async with open_hub(engine_address, HubLimits(max_runs=1), Frame()) as hub:
        first = await join(hub, handle)
        with pytest.raises(TooManyStreamsError) as refused:
            await join(hub, other)
        second = await join(hub, handle)
        assert await read_until(await join(hub, closed), 3) == [1, 2, 3]

        hub.leave(first)
        hub.leave(second)  # nobody looks any more: the place is free at once
        assert await read_until(await join(hub, other), 2) == [1, 2]
    assert refused.value.retry_after is not None


async def test_a_hub_that_stops_ends_every_stream_and_opens_none(engine_address: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    async with open_hub(engine_address, HubLimits(), Frame()) as hub:
        viewer = await join(hub, handle)
        await read_until(viewer, 2)
        waiting = asyncio.create_task(viewer.next())

        hub.stop()

        assert await waiting == Disconnect("stopping")
        with pytest.raises(ServerStoppingError):
            await join(hub, handle)


async def test_an_engine_that_stays_away_breaks_the_streams(tmp_path: Path) -> None:
    process, address = start_engine(tmp_path)
    client = await connect_to(address)
    handle = await start_run(client)
    async with open_hub(address, HubLimits(absence=timedelta(seconds=1)), Frame()) as hub:
        viewer = await join(hub, handle)
        await read_until(viewer, 2)

        process.kill()
        async with asyncio.timeout(60):
            step = await viewer.next()

    assert isinstance(step, Failure)
    assert isinstance(step.error, EngineNotAvailableError)
