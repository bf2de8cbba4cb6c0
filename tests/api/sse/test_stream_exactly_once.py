"""No schedule of drops, resumes, slow reads and server restarts loses an event or shows it twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from temporalio.client import Client

from tests.support.histories import Handle, answer_task, complete, continue_as_new, marker, start_run
from tests.support.processes import Process
from tests.support.servers import start_api
from tests.support.streams import Stream, open_stream

RUNS = 20
RECONNECTS = 50  # of each run's client, while the run goes on: 1,000 in all
RESTARTS = 3


@dataclass
class Server:
    """An API server that is replaced now and then."""

    folder: Path
    engine_address: str
    process: Process
    url: str

    async def restart(self, *, brutally: bool) -> None:
        """End the server, by SIGKILL or SIGTERM, and start another one elsewhere."""
        await asyncio.to_thread(self.process.kill if brutally else self.process.stop)
        self.process, self.url = await asyncio.to_thread(start_api, self.folder, self.engine_address)


@asynccontextmanager
async def serve(folder: Path, engine_address: str) -> AsyncGenerator[Server]:
    process, url = await asyncio.to_thread(start_api, folder, engine_address)
    server = Server(folder, engine_address, process, url)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.process.stop)


@dataclass
class Follower:
    """A client that drops its connection all the time, and what it has received."""

    handle: Handle
    chance: random.Random
    received: list[int] = field(default_factory=list[int])
    reasons: list[str] = field(default_factory=list[str])
    connects: int = 0

    async def follow(self, server: Server) -> None:
        while not self.reasons:
            try:
                await self._connect(server.url)
            except (ConnectionError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.05)  # between two servers: nobody is there

    async def _connect(self, base: str) -> None:
        query = f"includePayloads={self.chance.choice(['true', 'false'])}"
        headers = {"Last-Event-ID": str(self.received[-1])} if self.received else {}
        url = f"{base}/workflow/{self.handle.id}/runs/{self.handle.first_execution_run_id}/history/stream?{query}"
        async with open_stream(url, headers=headers) as stream:
            self.connects += 1
            if stream.status == 204:
                self.reasons.append("204")  # hung up between the last event and the end
                return
            if stream.status == 503 and b"ServerStoppingError" in stream.body:
                await asyncio.sleep(0.05)
                return
            assert stream.status == 200, stream.body
            await self._read(stream)

    async def _read(self, stream: Stream) -> None:
        """Take what comes until a byte, a number of events or a moment, whichever is drawn."""
        is_whole = self.connects > RECONNECTS and self.chance.random() < 0.5
        stream.budget = None if is_whole else self.chance.choice([0, 200, 500, 1_000, 4_000, 100_000])
        patience = 20.0 if is_whole else self.chance.uniform(0.005, 0.15)
        try:
            while (sent := await stream.next(seconds=patience)) is not None:
                if sent.name == "history":
                    self.received += [int(event["eventId"]) for event in sent.data]
                    assert sent.id == str(self.received[-1])
                elif sent.name == "done":
                    self.reasons.append(sent.data["reason"])
                if self.chance.random() < 0.1:
                    await asyncio.sleep(0.02)  # reads slowly
        except TimeoutError:
            return


async def produce(client: Client, handle: Handle, number: int, *, goes_on: Callable[[], bool]) -> None:
    """Events, one by one and many at once, until told to end; every second run is continued as new."""
    if number == 0:
        await answer_task(client, handle, [marker(each) for each in range(2_000)])
    count = 0
    while goes_on():
        await handle.signal("tick", {"count": count, "text": "x" * 100})
        count += 1
        if count % 40 == 0:
            await answer_task(client, handle, [marker(each) for each in range(20)])
        await asyncio.sleep(0.01)  # the pace of the run, not of the test
    await handle.signal("last")
    await answer_task(client, handle, [continue_as_new(handle) if number % 2 else complete()])


@pytest.mark.timeout(300)
async def test_a_thousand_reconnects_and_server_restarts_lose_and_repeat_nothing(
    engine_address: str, engine_client: Client, tmp_path: Path
) -> None:
    seed = random.randrange(2**32)
    handles = [await start_run(engine_client) for _ in range(RUNS)]
    followers = [Follower(handle, random.Random(seed + number)) for number, handle in enumerate(handles)]

    async with serve(tmp_path, engine_address) as server, asyncio.TaskGroup() as tasks:
        for number, follower in enumerate(followers):
            tasks.create_task(follower.follow(server))

            def goes_on(follower: Follower = follower) -> bool:
                return follower.connects < RECONNECTS

            tasks.create_task(produce(engine_client, follower.handle, number, goes_on=goes_on))
        for restart in range(1, RESTARTS + 1):
            goal = RUNS * RECONNECTS * restart // (RESTARTS + 1)
            while sum(follower.connects for follower in followers) < goal:
                await asyncio.sleep(0.02)
            await server.restart(brutally=restart % 2 == 0)

    assert sum(follower.connects for follower in followers) >= RUNS * RECONNECTS
    for follower in followers:
        pinned = engine_client.get_workflow_handle(follower.handle.id, run_id=follower.handle.first_execution_run_id)
        length = (await pinned.describe()).history_length
        assert follower.received == list(range(1, length + 1)), f"seed {seed}"
        assert len(follower.reasons) == 1
