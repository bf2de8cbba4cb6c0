"""A run that does not get on says why."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.support.processes import Process
from tests.support.servers import start_api, start_worker

BEFORE = """
from output import query, signal, step, wait_for, workflow

@step
async def reserve() -> int:
    return 1

@step
async def charge() -> int:
    return 2

@workflow
class Order:
    def __init__(self) -> None:
        self.is_paid = False

    async def run(self) -> int:
        await reserve()
        await wait_for(lambda: self.is_paid)
        return await charge()

    @signal
    def pay(self) -> None:
        self.is_paid = True

    @query
    def paid(self) -> bool:
        return self.is_paid
"""
AFTER = BEFORE.replace("await reserve()", "await charge()")
CATALOG = {"OUTPUT_CATALOG_ID": "problems", "TEMPORAL_MAX_CACHED_WORKFLOWS": "0"}


async def test_changed_code_under_a_run_is_told_everywhere_and_mends_with_the_code(
    engine_address: str, tmp_path: Path, processes: list[Process]
) -> None:
    source = tmp_path / "project" / "workflows" / "order" / "workflow.py"
    source.parent.mkdir(parents=True)
    source.write_text(BEFORE)
    project = tmp_path / "project"
    processes.append(worker := start_worker(tmp_path, engine_address, project, **CATALOG))
    api, url = start_api(tmp_path, engine_address, **CATALOG)
    processes.append(api)
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        await client.post("/workflow/start", json={"workflowName": "Order", "workflowId": "stranded"})
        await client.post("/workflow/stranded/query/paid")
        assert (await client.get("/workflow/stranded/status")).json()["problem"] is None

        worker.kill()
        source.write_text(AFTER)
        processes.append(worker := start_worker(tmp_path, engine_address, project, **CATALOG))
        await client.post("/workflow/stranded/signal/pay")
        refused = await client.post("/workflow/stranded/query/paid")
        status = (await client.get("/workflow/stranded/status")).json()
        too_early = (await client.get("/workflow/stranded/result")).json()
        pending = (await client.get("/workflow/stranded/pending-steps")).json()
        query = {"problem": "code_changed", "workflowId": "stranded"}
        listed = (await client.get("/workflow/runs", params=query)).json()["runs"]

        assert (refused.status_code, refused.json()["error"]) == (409, "WorkflowTaskFailingError")
        for found in (refused.json(), status, too_early, pending, *listed):
            assert found["problem"]["kind"] == "code_changed"
            assert "step 'reserve'" in found["problem"]["message"]
        assert len(listed) == 1

        worker.kill()
        source.write_text(BEFORE)
        processes.append(start_worker(tmp_path, engine_address, project, **CATALOG))
        result = (await client.get("/workflow/stranded/result", params={"wait": 60})).json()

    assert result["output"] == 2


async def test_without_a_worker_that_is_the_problem(
    engine_address: str, tmp_path: Path, processes: list[Process]
) -> None:
    source = tmp_path / "project" / "workflows" / "order" / "workflow.py"
    source.parent.mkdir(parents=True)
    source.write_text(BEFORE)
    catalog = {"OUTPUT_CATALOG_ID": "problems-alone"}
    processes.append(worker := start_worker(tmp_path, engine_address, tmp_path / "project", **catalog))
    api, url = start_api(tmp_path, engine_address, **catalog)
    processes.append(api)
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        await client.post("/workflow/start", json={"workflowName": "Order", "workflowId": "alone"})
        worker.stop()
        status = (await client.get("/workflow/alone/status")).json()

    assert status["problem"]["kind"] == "no_worker"
    assert "output worker" in status["problem"]["message"]
