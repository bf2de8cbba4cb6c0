"""The stream's answer itself: comments while nothing happens, and an end when the client has gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from starlette.types import Message

from output.api.http.disconnect import ClientGoneError
from output.api.sse.frames import KEEP_ALIVE, write_events, write_opening
from output.api.sse.response import KEEP_ALIVE as PAUSE
from output.api.sse.response import EventStream
from output.config.settings import EngineSettings, load
from output.engine.connection import connect
from output.engine.history.hub import HubLimits, LiveHub
from output.engine.history.reader import HistoryReader
from output.engine.history.viewer import Viewer
from output.models.history import StreamOpened
from output.models.references import RunRef
from tests.support.histories import connect_to, start_run


def test_the_pause_between_keep_alives_is_15_seconds() -> None:
    assert timedelta(seconds=15) == PAUSE


def test_browsers_are_told_to_reconnect_at_different_moments() -> None:
    moment = datetime.now(UTC)
    opened = StreamOpened(
        workflow_id="a",
        run_id="b",
        status="running",
        start_time=moment,
        close_time=None,
        history_length=1,
        task_queue="q",
        closed=False,
    )

    pauses = {write_opening(opened).split(b"retry: ")[1].split(b"\n")[0] for _ in range(50)}

    assert len(pauses) > 10
    assert all(500 <= int(pause) <= 1500 for pause in pauses)


@asynccontextmanager
async def open_viewer(engine_address: str) -> AsyncGenerator[tuple[LiveHub, Viewer, StreamOpened]]:
    """A viewer of a run that is silent."""
    handle = await start_run(await connect_to(engine_address))
    reader = HistoryReader(await connect(load(EngineSettings, address=engine_address)))
    hub = LiveHub(reader, frame=write_events, limits=HubLimits(linger=timedelta()))
    pinned = await reader.pin(RunRef(handle.id))
    viewer = hub.join(pinned, after=0, include_payloads=False)
    try:
        yield hub, viewer, StreamOpened(**pinned.summary.model_dump(), closed=False)
    finally:
        await hub.close()
        await reader.close()


async def test_a_silent_stream_sends_comments_and_ends_when_its_client_hangs_up(engine_address: str) -> None:
    sent: asyncio.Queue[Message] = asyncio.Queue()
    hung_up = asyncio.Event()

    async def receive() -> Message:
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async with asyncio.timeout(30), open_viewer(engine_address) as (hub, viewer, opening):
        stream = EventStream(hub, viewer, opening, keep_alive=timedelta(milliseconds=20))
        serving = asyncio.create_task(stream({"type": "http"}, receive, sent.put))
        comments = 0
        while comments < 3:
            comments += (await sent.get()).get("body") == KEEP_ALIVE
        hung_up.set()
        await serving

        assert not viewer.channel.viewers


async def test_a_client_that_takes_nothing_for_long_is_given_up(engine_address: str) -> None:
    never = asyncio.Event()

    async def receive() -> Message:
        await never.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await never.wait()  # the socket is full and stays so

    async with asyncio.timeout(30), open_viewer(engine_address) as (hub, viewer, opening):
        with pytest.raises(ClientGoneError):
            await EventStream(hub, viewer, opening, stall=timedelta(milliseconds=50))({"type": "http"}, receive, send)

        assert not viewer.channel.viewers
