"""What a run costs the engine."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.support.servers import start_api, start_worker

PAGES = {"pages": [{"url": "a", "text": "to be or not to be"}]}


@pytest.fixture
async def traced_api(engine_address: str, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    """A stack with tracing on."""
    settings = {"OUTPUT_CATALOG_ID": "run-cost", "OUTPUT_TRACE_LOCAL_ON": "true"}
    worker = start_worker(tmp_path, engine_address, **settings)
    api, url = start_api(tmp_path, engine_address, **settings)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            yield client
    finally:
        api.stop()
        worker.stop()


async def test_a_one_step_run_with_tracing_on_costs_at_most_11_history_events(traced_api: httpx.AsyncClient) -> None:
    reply = await traced_api.post("/workflow/run", json={"workflowName": "digest", "input": PAGES})
    result = reply.json()
    assert result["trace"]["local"], "tracing is on"

    page = await traced_api.get(f"/workflow/{result['workflowId']}/history", params={"pageSize": 50})

    names = [event["eventTypeName"] for event in page.json()["events"]]
    assert names[-1] == "WORKFLOW_EXECUTION_COMPLETED"
    assert len(names) <= 11, names
