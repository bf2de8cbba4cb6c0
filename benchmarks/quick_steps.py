"""Quick steps over HTTP, beside the bare SDK's local activities: 3 and 50 in sequence, alone and 32 at a time.

One engine; one worker and one API server for ours, one worker process's worth for the SDK's in this process, in turns.
Medians and ratios (ours to theirs: latency below 1.0 and throughput above 1.0 are better) go to
`benchmarks/results/quick_steps.json`. Run it with `python -m benchmarks.quick_steps`.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import httpx
from temporalio import activity
from temporalio import workflow as sdk
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from benchmarks.figures import print_figures, write_figures
from output.process.exit import leave
from output.testing.servers import run_dev_server
from tests.support.servers import start_api, start_worker

ALONE, AT_ONCE, ROUNDS = 40, 32, 5
TIMEOUT = timedelta(seconds=5)
PROJECT = """
from output import step, workflow

@step(quick=True)
async def quick_add(number: int) -> int:
    return number + 1

@step
async def add(number: int) -> int:
    return number + 1

@workflow
async def quick_steps(steps: int) -> int:
    reached = 0
    for _ in range(steps):
        reached = await quick_add(reached)
    return reached

@workflow
async def ordinary_steps(steps: int) -> int:
    reached = 0
    for _ in range(steps):
        reached = await add(reached)
    return reached
"""


@activity.defn
async def bare_add(number: int) -> int:
    return number + 1


@sdk.defn(sandboxed=False)
class BareLocal:
    @sdk.run
    async def run(self, steps: int) -> int:
        reached = 0
        for _ in range(steps):
            reached = await sdk.execute_local_activity(bare_add, reached, start_to_close_timeout=TIMEOUT)
        return reached


Call = Callable[[], Awaitable[object]]


async def latency(call: Call, count: int) -> list[float]:
    """Milliseconds of each of several calls, one after another."""
    taken: list[float] = []
    for _ in range(count):
        started = time.perf_counter()
        await call()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


async def throughput(call: Call, seconds: float) -> float:
    """Runs a second, so many at a time."""
    done, end = 0, time.perf_counter() + seconds

    async def go_on() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await call()
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))
    return done / (time.perf_counter() - started)


async def compare(ours: Call, theirs: Call) -> dict[str, float]:
    """Both sides in turns."""
    await latency(ours, 5)
    await latency(theirs, 5)
    alone: tuple[list[float], list[float]] = ([], [])
    crowd: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS):
        sides = list(enumerate((ours, theirs)))
        for side, call in sides if turn % 2 else reversed(sides):
            alone[side].extend(await latency(call, ALONE // ROUNDS))
        for side, call in sides if turn % 2 else reversed(sides):
            crowd[side].append(await throughput(call, 2.0))
    p50 = [statistics.median(each) for each in alone]
    rate = [statistics.median(each) for each in crowd]
    return {
        "output_p50_ms": round(p50[0], 1),
        "sdk_p50_ms": round(p50[1], 1),
        "p50_ratio": round(p50[0] / p50[1], 3),
        "output_runs_per_s": round(rate[0], 1),
        "sdk_runs_per_s": round(rate[1], 1),
        "throughput_ratio": round(rate[0] / rate[1], 3),
    }


async def main() -> None:
    """Measure, print, write."""
    figures: dict[str, object] = {}
    with run_dev_server() as address, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        module = folder / "project" / "workflows" / "quick.py"
        module.parent.mkdir(parents=True)
        module.write_text(PROJECT)
        worker = start_worker(folder, address, folder / "project")
        api, url = start_api(folder, address)
        client = await Client.connect(address)
        bare = Worker(
            client,
            task_queue="bare",
            workflows=[BareLocal],
            activities=[bare_add],
            workflow_runner=UnsandboxedWorkflowRunner(),
            max_concurrent_local_activities=40,  # as many as our default
        )
        try:
            async with bare, httpx.AsyncClient(base_url=url, timeout=60) as http:

                def ours(steps: int, workflow: str = "quick_steps") -> Call:
                    return lambda: http.post("/workflow/run", json={"workflowName": workflow, "input": steps})

                def theirs(steps: int) -> Call:
                    return lambda: client.execute_workflow(
                        "BareLocal", steps, id=f"bare-{uuid.uuid4()}", task_queue="bare"
                    )

                for steps in (3, 50):
                    figures[f"{steps} quick steps"] = await compare(ours(steps), theirs(steps))
                ordinary = await latency(ours(10, "ordinary_steps"), 20)
                quick = await latency(ours(10), 20)
                figures["10 steps, ordinary against quick, p50 ms"] = {
                    "ordinary": round(statistics.median(ordinary), 1),
                    "quick": round(statistics.median(quick), 1),
                }
        finally:
            worker.kill()
            api.kill()
    write_figures("quick_steps", figures)
    print_figures(figures)


if __name__ == "__main__":
    asyncio.run(main())
    leave(0)
