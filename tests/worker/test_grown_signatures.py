"""A parameter with a default is added to a workflow, a step and a signal while a run of them waits."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.support.processes import Process
from tests.support.servers import start_api, start_worker
from tests.support.waiting import eventually

BEFORE = """
from output import signal, step, wait_for, workflow

@step
async def price(sku: str) -> str:
    return f"{sku} costs 3"

@workflow
class Order:
    def __init__(self) -> None:
        self.paid = ""

    async def run(self, sku: str) -> list[str]:
        first = await price(sku)
        await wait_for(lambda: self.paid)
        return [first, await price(sku), self.paid]

    @signal
    def pay(self, by: str) -> None:
        self.paid = by
"""
AFTER = (
    BEFORE.replace("price(sku: str)", "price(sku: str, currency: str = 'EUR')")
    .replace("costs 3", "costs 3 {currency}")
    .replace("run(self, sku: str)", "run(self, sku: str, hurry: bool = False)")
    .replace("pay(self, by: str)", "pay(self, by: str, note: str = '')")
)
CATALOG = {"OUTPUT_CATALOG_ID": "grown", "TEMPORAL_MAX_CACHED_WORKFLOWS": "0"}


async def test_runs_in_flight_and_callers_of_before_go_on(
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
        for name in ("old", "tool"):
            body = {"workflowName": "Order", "workflowId": f"grown-{name}", "input": "tea"}
            assert (await client.post("/workflow/start", json=body)).status_code == 200
        early = await client.post("/workflow/grown-old/signal/pay", json={"payload": "card"})
        assert early.status_code == 200, early.text
        worker.kill()
        source.write_text(AFTER)
        processes.append(start_worker(tmp_path, engine_address, project, **CATALOG))

        named = {"payload": {"by": "cash", "note": "later"}}

        async def is_taken() -> bool:
            return (await client.post("/workflow/grown-tool/signal/pay", json=named)).status_code == 200

        await eventually(is_taken, "the server's look at the newer catalog")
        results = [(await client.get(f"/workflow/grown-{name}/result?wait=30")).json() for name in ("old", "tool")]
        bodies = [{"workflowName": "Order", "input": value} for value in ("mug", {"sku": "mug", "hurry": True})]
        starts = [await client.post("/workflow/start", json=body) for body in bodies]

    assert [result["output"][2] for result in results] == ["card", "cash"]
    assert results[1]["output"][1] == "tea costs 3 EUR"
    assert [start.status_code for start in starts] == [200, 200]
