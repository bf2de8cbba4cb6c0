"""What protecting workflow code costs: a guarded call outside workflows, and a run under `guard`, `sandbox` and `off`.

The workers serve the same project (a workflow and a step among 20 models) from one engine, in turns; medians are
printed and written to `benchmarks/results/protection.json`. Run it with `python -m benchmarks.protection [guard off]`.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
import timeit
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil
from temporalio.client import Client

from benchmarks.figures import print_figures, write_figures
from output.config.settings import EngineSettings, load
from output.engine.connection import connect
from output.process.exit import leave
from output.worker.determinism.guard import install, uninstall
from tests.support.processes import Process
from tests.support.servers import start_engine, start_worker

PROTECTIONS = ("off", "guard", "sandbox")
WARM_UP, ROUNDS = 15, 80
CALLS: dict[str, Callable[[], object]] = {
    # Looked up at each call, as authored code does it.
    "time.time": lambda: time.time(),  # noqa: PLW0108
    "time.monotonic": lambda: time.monotonic(),  # noqa: PLW0108
    "random.random": lambda: random.random(),  # noqa: PLW0108
    "os.stat": lambda: os.stat("/"),  # noqa: PTH116
    "uuid.uuid4": lambda: uuid.uuid4(),  # noqa: PLW0108
}
MODELS = "\n\n".join(
    f"class Model{number}(BaseModel):\n    name: str\n    values: list[int] = []\n    other: dict[str, float] = {{}}"
    for number in range(20)
)
SOURCE = f"""
from pydantic import BaseModel

from output import step, workflow

{MODELS}


@step
async def count(model: Model0) -> int:
    return len(model.name)


@workflow
async def counted(model: Model0) -> int:
    return await count(model)
"""


Figures = Mapping[str, float]


def measure_calls() -> Figures:
    """Nanoseconds that the guard adds to one call outside workflow code, without and with a running event loop."""
    plain = {name: _nanoseconds(call) for name, call in CALLS.items()}
    install(Path(tempfile.gettempdir()))
    guarded = {name: _nanoseconds(call) for name, call in CALLS.items()}

    async def on_loop() -> dict[str, float]:
        return {name: _nanoseconds(call) for name, call in CALLS.items()}

    looped = asyncio.run(on_loop())
    uninstall()
    added = {f"{name}, added ns a call": round(guarded[name] - plain[name]) for name in CALLS}
    return added | {f"{name} on a loop, added ns a call": round(looped[name] - plain[name]) for name in CALLS}


def _nanoseconds(call: Callable[[], object]) -> float:
    return min(timeit.repeat(call, number=2_000, repeat=60)) / 2_000 * 1e9


async def measure_runs(protections: Sequence[str]) -> Figures:
    """Milliseconds of one run, as its client waits and as its worker computes, and the worker's memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "project" / "workflows").mkdir(parents=True)
        (folder / "project" / "workflows" / "counted.py").write_text(SOURCE)
        engine, address = start_engine(folder)
        workers: dict[str, Process] = {}
        try:
            for protection in protections:
                variables = {"OUTPUT_CATALOG_ID": protection, "OUTPUT_WORKFLOW_PROTECTION": protection}
                workers[protection] = start_worker(folder, address, folder / "project", **variables)
            client = (await connect(load(EngineSettings, address=address))).client
            return await _measure_in_turns(client, workers)
        finally:
            for process in (*workers.values(), engine):
                process.kill()


async def _measure_in_turns(client: Client, workers: dict[str, Process]) -> Figures:
    for _ in range(WARM_UP):
        for protection in workers:
            await _run(client, protection)
    before = {protection: _computed(process) for protection, process in workers.items()}
    waited: dict[str, list[float]] = {protection: [] for protection in workers}
    for _ in range(ROUNDS):
        for protection, taken in waited.items():
            started = time.perf_counter()
            await _run(client, protection)
            taken.append((time.perf_counter() - started) * 1000)
    figures: dict[str, float] = {}
    for protection, process in workers.items():
        computed = (_computed(process) - before[protection]) * 1000 / ROUNDS
        figures[f"{protection}: run p50 ms"] = round(statistics.median(waited[protection]), 2)
        figures[f"{protection}: worker CPU ms a run"] = round(computed, 2)
        figures[f"{protection}: worker memory MB"] = round(psutil.Process(process.pid).memory_info().rss / 1e6, 1)
    return figures


async def _run(client: Client, protection: str) -> None:
    model = {"name": "four"}
    await client.execute_workflow("counted", model, id=f"bench-{uuid.uuid4()}", task_queue=protection)


def _computed(process: Process) -> float:
    """CPU seconds that a process has used, all threads together."""
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


def main() -> None:
    """Measure, print, write."""
    figures = {**measure_calls(), **asyncio.run(measure_runs(sys.argv[1:] or PROTECTIONS))}
    write_figures("protection", figures)
    print_figures(figures)
    leave(0)


if __name__ == "__main__":
    main()
