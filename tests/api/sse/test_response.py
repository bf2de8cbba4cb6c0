"""The stream's answer itself: comments while nothing happens, and an end when the client has gone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from starlette.types import Message
from temporalio.client import Client

from output.api.sse.frames import KEEP_ALIVE, write_events, write_opening
from output.api.sse.response import KEEP_ALIVE as PAUSE
from output.api.sse.response import EventStream
from output.engine.connect import connect
from output.engine.history.hub import HubLimits, LiveHub
from output.engine.history.reader import HistoryReader
from output.errors import RunRef
from output.models.history import StreamOpened
from output.settings import EngineSettings, load
from tests.histories import start_run


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


async def test_a_silent_stream_sends_comments_and_ends_when_its_client_hangs_up(engine_address: str) -> None:
    handle = await start_run(await Client.connect(engine_address))
    reader = HistoryReader(await connect(load(EngineSettings, address=engine_address)))
    hub = LiveHub(reader, frame=write_events, limits=HubLimits(linger=timedelta()))
    pinned = await reader.pin(RunRef(handle.id))
    viewer = hub.join(pinned, after=0, include_payloads=False)
    opening = StreamOpened(**pinned.summary.model_dump(), closed=False)
    sent: asyncio.Queue[Message] = asyncio.Queue()
    hung_up = asyncio.Event()

    async def receive() -> Message:
        await hung_up.wait()
        return {"type": "http.disconnect"}

    stream = EventStream(hub, viewer, opening, keep_alive=timedelta(milliseconds=20))
    serving = asyncio.create_task(stream({"type": "http"}, receive, sent.put))
    async with asyncio.timeout(30):
        comments = 0
        while comments < 3:
            comments += (await sent.get()).get("body") == KEEP_ALIVE
        hung_up.set()
        await serving

    assert not viewer.channel.viewers
    await hub.close()
    await reader.close()
