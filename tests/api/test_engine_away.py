"""The engine is away, frozen, or back: 503s meanwhile, recovery without a restart."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from httpx import AsyncClient, Response
from temporalio.client import Client

from tests.support.processes import free_port
from tests.support.servers import start_api, start_engine
from tests.support.waiting import eventually

RUN = "00000000-0000-4000-8000-000000000000"
NEEDS_ENGINE: list[tuple[str, str, dict[str, str] | None]] = [
    ("GET", "/ready", None),
    ("GET", "/workflow/catalog", None),
    ("GET", "/workflow/catalog/other", None),
    ("POST", "/workflow/start", {"workflowName": "x"}),
    ("POST", "/workflow/run", {"workflowName": "x"}),
    ("GET", "/workflow/runs", None),
    *[
        (method, prefix + path, body)
        for prefix in ("/workflow/x", f"/workflow/x/runs/{RUN}")
        for method, path, body in (
            ("GET", "/status", None),
            ("GET", "/result?wait=5", None),
            ("GET", "/input", None),
            ("PATCH", "/stop", None),
            ("POST", "/terminate", None),
            ("POST", "/reset", {"stepName": "x"}),
            ("GET", "/history", None),
            ("GET", "/history/stream", None),
            ("POST", "/history/stream-token", None),
            ("GET", "/trace-log", None),
        )
    ],
    ("POST", "/workflow/x/signal/y", None),
    ("POST", "/workflow/x/query/y", None),
    ("POST", "/workflow/x/update/y", None),
    ("POST", "/workflow/x/feedback", None),
]


@pytest.fixture
async def away(tmp_path: Path) -> AsyncGenerator[tuple[AsyncClient, int]]:
    """A client of an API server whose engine is not there, and the port where it is looked for."""
    port = free_port()
    process, url = start_api(tmp_path, f"127.0.0.1:{port}")
    async with AsyncClient(base_url=url, timeout=10) as client:
        yield client, port
    assert process.stop() == 0


async def test_every_route_that_needs_the_engine_answers_503_and_recovers_by_itself(
    away: tuple[AsyncClient, int], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    api, port = away
    await _assert_away(api)

    database = tmp_path / "engine.db"
    engine, address = start_engine(tmp_path, port=port, database=database)
    request.addfinalizer(lambda: engine.kill())  # noqa: PLW0108 — whichever engine it is by then
    await eventually(lambda: _is_ready(api), "the engine's arrival")
    client = await Client.connect(address)
    await client.start_workflow("x", id="x", task_queue="nobody")
    assert (await api.get("/workflow/x/status")).json()["status"] == "running"

    engine.child.send_signal(signal.SIGSTOP)
    await _assert_away(api)
    engine.child.send_signal(signal.SIGCONT)
    await eventually(lambda: _is_ready(api), "the engine's thaw")

    assert engine.stop() == 0
    await _assert_away(api)
    engine, _ = start_engine(tmp_path, port=port, database=database)
    await eventually(lambda: _is_ready(api), "the engine's return")
    assert (await api.get("/workflow/x/status")).json()["status"] == "running"


async def _assert_away(api: AsyncClient) -> None:
    assert (await api.get("/health")).status_code == 200
    replies = await asyncio.gather(*(_ask(api, *row) for row in NEEDS_ENGINE))
    for (method, path, _), reply in zip(NEEDS_ENGINE, replies, strict=True):
        told = (reply.status_code, reply.json()["error"], "retry-after" in reply.headers)
        assert told == (503, "EngineNotAvailableError", True), f"{method} {path}: {reply.text}"


async def _ask(api: AsyncClient, method: str, path: str, body: dict[str, str] | None) -> Response:
    return await api.request(method, path, json=body)


async def _is_ready(api: AsyncClient) -> bool:
    return (await api.get("/ready")).status_code == 200
