"""`POST /workflow/run` of a one-step workflow beside the SDK's own `execute_workflow` of the same workflow.

Both go to the same engine and the same worker, in turns, in one process; medians are printed and written to
`benchmarks/results/run.json`. Run it with `make bench` or `python -m benchmarks.run`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from temporalio.client import Client

from output.engine.connect import connect
from output.exit import leave
from output.settings import EngineSettings
from tests.stack import start_api, start_engine, start_worker

INPUT = {"pages": [{"url": "https://a.example", "text": "to be or not to be"}]}
RESULTS = Path(__file__).parent / "results" / "run.json"
Call = Callable[[], Awaitable[object]]


async def measure_latency(calls: dict[str, Call], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each call, taken in turns so that both see the same machine."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            started = time.perf_counter()
            await call()
            taken[name].append((time.perf_counter() - started) * 1000)
    return taken


async def measure_throughput(call: Call, *, concurrency: int, total: int) -> float:
    """Runs a second."""
    left = iter(range(total))

    async def client() -> None:
        for _ in left:
            await call()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(concurrency)))
    return total / (time.perf_counter() - started)


async def main() -> None:
    """Start a stack, measure, print, write, stop."""
    with tempfile.TemporaryDirectory() as folder:
        engine, address = start_engine(Path(folder))
        worker = start_worker(Path(folder), address)
        api, url = start_api(Path(folder), address)
        try:
            figures = await _measure(address, url)
        finally:
            for process in (api, worker, engine):
                process.kill()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    for name, value in figures.items():
        print(f"{name:38} {value}")


async def _measure(address: str, url: str) -> dict[str, float]:
    sdk = (await connect(EngineSettings(address=address))).client
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:

        async def over_http() -> None:
            reply = await http.post("/workflow/run", json={"workflowName": "digest", "input": INPUT})
            assert reply.json()["status"] == "completed", reply.text

        async def with_sdk() -> None:
            await _execute(sdk)

        await measure_latency({"http": over_http, "sdk": with_sdk}, 20)  # warm
        taken = await measure_latency({"http": over_http, "sdk": with_sdk}, 150)
        http_p50, sdk_p50 = statistics.median(taken["http"]), statistics.median(taken["sdk"])
        rounds: dict[str, list[float]] = {"http": [], "sdk": []}
        for _ in range(3):
            rounds["sdk"].append(await measure_throughput(with_sdk, concurrency=32, total=320))
            rounds["http"].append(await measure_throughput(over_http, concurrency=32, total=320))
    http_rate, sdk_rate = statistics.median(rounds["http"]), statistics.median(rounds["sdk"])
    return {
        "latency_sdk_p50_ms": round(sdk_p50, 2),
        "latency_http_p50_ms": round(http_p50, 2),
        "latency_added_p50_ms": round(http_p50 - sdk_p50, 2),
        "throughput_sdk_32_runs_per_s": round(sdk_rate, 1),
        "throughput_http_32_runs_per_s": round(http_rate, 1),
        "throughput_ratio_32": round(http_rate / sdk_rate, 3),
    }


async def _execute(sdk: Client) -> None:
    result: object = await sdk.execute_workflow("digest", INPUT, id=f"bench-{uuid.uuid4().hex}", task_queue="main")
    assert isinstance(result, dict)


if __name__ == "__main__":
    asyncio.run(main())
    leave(0)
