"""SIGTERM: nothing new is taken, what ends in time is answered, the rest is told where to look."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import httpx
import pytest
from httpx import AsyncClient, Response

from tests.support.servers import start_api
from tests.support.starting import new_id
from tests.support.waiting import eventually

WAITS = 200


async def test_a_server_with_200_waits_ends_in_order(
    contract: AsyncClient, stack_folder: Path, engine_address: str, request: pytest.FixtureRequest
) -> None:
    process, url = start_api(stack_folder, engine_address, OUTPUT_CATALOG_ID="contract")
    request.addfinalizer(process.kill)
    prefix = new_id("waiting")
    limits = httpx.Limits(max_connections=None)
    async with AsyncClient(base_url=url, timeout=60, limits=limits) as leaving:
        waits = [_run(leaving, "endless", f"{prefix}-{number}") for number in range(WAITS)]
        tasks = [asyncio.create_task(wait) for wait in waits]
        waiting = set(range(WAITS))
        await eventually(lambda: _have_started(contract, prefix, waiting), "the start of all waits")
        ending = asyncio.create_task(_run(leaving, "pause", f"{prefix}-pause", milliseconds=1_500))
        await eventually(lambda: _is_running(contract, f"{prefix}-pause"), "the start of the pause")

        process.child.send_signal(signal.SIGTERM)
        await eventually(lambda: _is_refused(url), "the end of accepting")
        ended, *replies = await asyncio.gather(ending, *tasks)

    assert (ended.status_code, ended.json()["output"]) == (200, "rested")
    for number, reply in enumerate(replies):
        told = reply.json()
        assert (reply.status_code, told["error"]) == (503, "ServerStoppingError"), reply.text
        assert told["workflowId"] == f"{prefix}-{number}"
        assert told["runId"]
        assert reply.headers["retry-after"]
    assert process.stop(seconds=10) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_idle_server_ends_with_exit_code_0(
    stack_folder: Path, engine_address: str, number: signal.Signals
) -> None:
    process, url = start_api(stack_folder, engine_address)
    async with AsyncClient(base_url=url) as client:
        await client.get("/ready")
        process.child.send_signal(number)
        code = await asyncio.to_thread(process.child.wait, 10)

    assert code == 0


async def _run(api: AsyncClient, name: str, workflow_id: str, milliseconds: int | None = None) -> Response:
    body = {"workflowName": name, "workflowId": workflow_id, "input": milliseconds}
    return await api.post("/workflow/run", json=body)


async def _have_started(api: AsyncClient, prefix: str, waiting: set[int]) -> bool:
    """Whether all are running; those that were seen so are not asked for again."""
    for number in sorted(waiting):
        if await _is_running(api, f"{prefix}-{number}"):
            waiting.discard(number)
    return not waiting


async def _is_running(api: AsyncClient, workflow_id: str) -> bool:
    return (await api.get(f"/workflow/{workflow_id}/status")).status_code == 200


async def _is_refused(url: str) -> bool:
    try:
        async with AsyncClient(base_url=url, timeout=20) as client:
            await client.get("/health")
    except httpx.ConnectError:
        return True
    return False
