"""No worker: what then works, what is a 503, and how soon that is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from httpx import AsyncClient
from temporalio.api.workflowservice.v1 import ListWorkersRequest
from temporalio.client import Client

from tests.support.contract import CONTRACT
from tests.support.servers import start_api, start_worker
from tests.support.starting import start
from tests.support.waiting import eventually


async def test_messages_without_a_worker_and_its_return(
    stack_folder: Path, engine_address: str, engine_client: Client, request: pytest.FixtureRequest
) -> None:
    server, url = start_api(stack_folder, engine_address, OUTPUT_CATALOG_ID="idle")
    request.addfinalizer(server.kill)
    async with AsyncClient(base_url=url, timeout=25) as api:
        for path in ("/workflow/catalog", "/workflow/run"):
            reply = await (api.get(path) if path.endswith("catalog") else api.post(path, json={"workflowName": "x"}))
            assert (reply.status_code, reply.json()["error"]) == (503, "CatalogNotAvailableError")
            assert reply.headers["retry-after"]

        worker = start_worker(stack_folder, engine_address, CONTRACT, OUTPUT_CATALOG_ID="idle")
        request.addfinalizer(worker.kill)
        ids = await start(api, "review", {"title": "Emma"})
        path = f"/workflow/{ids.workflow_id}"
        assert (await api.post(f"{path}/query/status")).status_code == 200

        await eventually(lambda: _is_heard(engine_client), "the worker's first heartbeat")
        worker.kill()  # it cannot say goodbye: the engine finds out by its silence
        await _assert_unattended(api, path)
        assert (await api.post(f"{path}/signal/nudge")).status_code == 200
        assert (await api.post("/workflow/start", json={"workflowName": "mirror"})).status_code == 200

        worker = start_worker(stack_folder, engine_address, CONTRACT, OUTPUT_CATALOG_ID="idle")
        request.addfinalizer(worker.kill)

        async def is_answered() -> bool:
            reply = await api.post(f"{path}/query/status")
            return reply.status_code == 200 and reply.json()["comments"] == ["nudged"]

        await eventually(is_answered, "the worker's return")
        assert worker.stop() == 0  # it says goodbye, so it is known at once
        await _assert_unattended(api, path)
        await api.post(f"{path}/terminate")
    assert server.stop() == 0


async def _is_heard(engine: Client) -> bool:
    request = ListWorkersRequest(namespace=engine.namespace, query='TaskQueue="idle"')
    return len((await engine.workflow_service.list_workers(request)).workers_info) > 0


async def _assert_unattended(api: AsyncClient, path: str) -> None:
    for rest in ("query/status", "update/forget"):
        reply = await api.post(f"{path}/{rest}")
        assert (reply.status_code, reply.json()["error"]) == (503, "WorkerNotAvailableError"), reply.text
        assert reply.headers["retry-after"]
        assert "'idle'" in reply.json()["message"]
