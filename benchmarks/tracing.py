"""Tracing: throughput of a ten-step workflow with it on against off, and serving traces of 10,000 and 100,000 nodes.

Rounds with and without tracing alternate, so that both meet the same machine.
Figures go to `benchmarks/results/tracing.json`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import httpx
import psutil
import uvloop

from benchmarks.figures import write_figures
from output.process.exit import leave
from tests.support.processes import Process
from tests.support.servers import start_api, start_engine, start_worker

PROJECT = Path(__file__).parents[1] / "tests" / "projects" / "traced"
ROUNDS, RUNS, CONCURRENCY = 6, 24, 8
Figures = dict[str, float]


class Side:
    """A worker and an API server, with tracing or without."""

    def __init__(self, folder: Path, address: str, *, traces: bool) -> None:
        name = "on" if traces else "off"
        project = folder / name
        project.mkdir()
        (project / "workflows").symlink_to(PROJECT / "workflows")
        variables = {"OUTPUT_CATALOG_ID": name, "OUTPUT_TRACE_LOCAL_ON": str(traces).lower()}
        self.worker: Process = start_worker(folder, address, project, **variables)
        self.api, self.url = start_api(folder, address, project, **variables)

    def stop(self) -> None:
        self.worker.stop()
        self.api.stop()


async def run(client: httpx.AsyncClient, workflow: str, given: object) -> str:
    """Run a workflow; its ID."""
    reply = await client.post("/workflow/run", json={"workflowName": workflow, "input": given})
    assert reply.json()["status"] == "completed", reply.text
    workflow_id: str = reply.json()["workflowId"]
    return workflow_id


async def measure_round(side: Side) -> float:
    """Runs of the ten-step workflow a second."""
    async with httpx.AsyncClient(base_url=side.url, timeout=120) as client:
        left = iter(range(RUNS))
        started = time.perf_counter()

        async def work() -> None:
            for _ in left:
                await run(client, "ten_steps", "x")

        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
        return RUNS / (time.perf_counter() - started)


async def measure_throughput(on: Side, off: Side) -> Figures:
    rounds: list[tuple[float, float]] = []
    for number in range(ROUNDS + 1):
        first, second = (on, off) if number % 2 else (off, on)
        figures = {first: await measure_round(first), second: await measure_round(second)}
        if number:  # the first one warms up
            rounds.append((figures[on], figures[off]))
    return {
        "ten_steps_traced_per_s": round(statistics.median(on for on, _ in rounds), 2),
        "ten_steps_untraced_per_s": round(statistics.median(off for _, off in rounds), 2),
        "traced_to_untraced": round(sum(on for on, _ in rounds) / sum(off for _, off in rounds), 3),
    }


async def measure_serving(side: Side, nodes: int) -> Figures:
    """Time to the last byte of the first reading, for which it may be built, and of later ones; the server's memory."""
    server = psutil.Process(side.api.pid)
    async with httpx.AsyncClient(base_url=side.url, timeout=120) as client:
        workflow_id = await run(client, "crowd", nodes)
        before = server.memory_info().rss
        times: list[float] = []
        size = 0
        for _ in range(6):
            started = time.perf_counter()
            async with client.stream("GET", f"/workflow/{workflow_id}/trace-log") as reply:
                assert reply.status_code == 200
                size = 0
                async for chunk in reply.aiter_raw():
                    size += len(chunk)
            times.append((time.perf_counter() - started) * 1000)
        grown = server.memory_info().rss - before
    return {
        f"trace_{nodes}_first_ms": round(times[0], 1),
        f"trace_{nodes}_ms": round(statistics.median(times[1:]), 1),
        f"trace_{nodes}_mb": round(size / 2**20, 2),
        f"trace_{nodes}_api_grows_mb": round(grown / 2**20, 1),
    }


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine, address = start_engine(folder)
        sides = [Side(folder, address, traces=True), Side(folder, address, traces=False)]
        try:
            figures = await measure_throughput(*sides)
            for nodes in (10_000, 100_000):
                figures |= await measure_serving(sides[0], nodes)
        finally:
            for side in sides:
                side.stop()
            engine.kill()
    write_figures("tracing", figures)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    uvloop.run(main())
    leave(0)
