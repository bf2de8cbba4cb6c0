"""What happens to open streams when the engine goes away, the server stops, or a client does not read."""

from __future__ import annotations

import asyncio
from pathlib import Path

from temporalio.client import Client

from tests.support.histories import connect_to, signal_many, start_run
from tests.support.processes import free_port
from tests.support.servers import start_api, start_engine
from tests.support.streams import ids_in, open_stream, read_all


async def test_an_engine_that_is_away_for_a_while_is_waited_for_behind_the_open_stream(tmp_path: Path) -> None:
    port, database = free_port(), tmp_path / "engine.db"
    engine, address = await asyncio.to_thread(start_engine, tmp_path, port=port, database=database)
    server, url = await asyncio.to_thread(start_api, tmp_path, address)
    try:
        client = await connect_to(address)
        handle = await start_run(client)
        async with open_stream(f"{url}/workflow/{handle.id}/history/stream") as stream:
            await stream.event("workflow")
            first = await stream.event("history")

            await asyncio.to_thread(engine.kill)
            async with open_stream(f"{url}/workflow/{handle.id}/history/stream") as refused:
                assert refused.status == 503
                assert b"EngineNotAvailableError" in refused.body
                assert int(refused.headers["retry-after"]) > 0
            engine, _ = await asyncio.to_thread(start_engine, tmp_path, port=port, database=database)
            await (await connect_to(address)).get_workflow_handle(handle.id).signal("tick")
            second = await stream.event("history")

        assert ids_in([first, second]) == [1, 2, 3]
    finally:
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(engine.kill)


async def test_a_server_that_stops_ends_its_streams_at_once(
    engine_address: str, engine_client: Client, tmp_path: Path
) -> None:
    server, url = await asyncio.to_thread(start_api, tmp_path, engine_address)
    handle = await start_run(engine_client)
    async with (
        open_stream(f"{url}/workflow/{handle.id}/history/stream") as stream,
        open_stream(f"{url}/workflow/{handle.id}/history/stream?includePayloads=true") as other,
    ):
        for each in (stream, other):
            await each.event("workflow")
            await each.event("history")

        stopping = asyncio.create_task(asyncio.to_thread(server.stop))
        comment, end = await stream.next(), await stream.next()  # said by itself: one that is cut off hears nothing
        code = await stopping
    assert code == 0
    assert comment is not None
    assert "stopping" in comment.data
    assert end is None


async def test_a_client_that_does_not_read_is_cut_off_with_a_word_and_resumes(
    bare_api_url: str, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    url = f"{bare_api_url}/workflow/{handle.id}/history/stream?includePayloads=true"
    async with open_stream(url, receive_buffer=4096) as slow:
        await slow.event("workflow")
        await slow.event("history")
        quick = asyncio.create_task(read_all(url))
        for number in range(160):
            await handle.signal("tick", {"number": number, "text": "x" * 100_000})
        await handle.terminate()
        await quick  # the others are not held up

        received = [1, 2]
        async with asyncio.timeout(60):
            while (sent := await slow.next(seconds=60)) is not None and sent.name == "history":
                received += ids_in([sent])
    rest = await read_all(url, headers={"Last-Event-ID": str(received[-1])})

    assert sent is not None
    assert (sent.name, "too slowly" in sent.data) == (":", True)
    assert received + ids_in(rest) == ids_in(await quick) == list(range(1, 164))


async def test_viewers_that_hang_up_do_not_disturb_the_others(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    url = f"{bare_api_url}/workflow/{handle.id}/history/stream"
    staying = asyncio.create_task(read_all(url))
    for _ in range(20):
        async with open_stream(url) as leaving:
            await leaving.event("workflow")
        await signal_many(handle, 5)
    await handle.terminate()

    assert ids_in(await staying) == list(range(1, 104))
