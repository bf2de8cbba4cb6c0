"""A workflow of 200 steps in sequence and one of 200 in parallel, beside the bare SDK doing the same.

One engine, one worker for each side in one process, in turns; runs a second, medians and their ratio are printed and
written to `benchmarks/results/authoring.json`. Run it with `python -m benchmarks.authoring`.
"""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import activity
from temporalio import workflow as sdk
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from benchmarks.figures import write_figures
from output import step, workflow
from output.process.exit import leave
from output.testing import start_environment
from output.testing.servers import run_dev_server

STEPS = 200
ROUNDS = 7
TIMEOUT = timedelta(minutes=1)


@step
async def add_one(number: int) -> int:
    return number + 1


@workflow
async def in_sequence(steps: int) -> int:
    reached = 0
    for _ in range(steps):
        reached = await add_one(reached)
    return reached


@workflow
async def in_parallel(steps: int) -> int:
    return sum(await asyncio.gather(*(add_one(number) for number in range(steps))))


@activity.defn
async def bare_add_one(number: int) -> int:
    return number + 1


@sdk.defn(sandboxed=False)
class BareSequence:
    @sdk.run
    async def run(self, steps: int) -> int:
        reached = 0
        for _ in range(steps):
            reached = await sdk.execute_activity(bare_add_one, reached, start_to_close_timeout=TIMEOUT)
        return reached


@sdk.defn(sandboxed=False)
class BareParallel:
    @sdk.run
    async def run(self, steps: int) -> int:
        calls = [sdk.execute_activity(bare_add_one, number, start_to_close_timeout=TIMEOUT) for number in range(steps)]
        return sum(await asyncio.gather(*calls))


Call = Callable[[], Awaitable[object]]


async def time_call(call: Call) -> float:
    started = time.perf_counter()
    await call()
    return time.perf_counter() - started


async def main() -> None:
    """Measure both kinds in turns, print, write."""
    with run_dev_server() as address:
        async with start_environment(workflows=[in_sequence, in_parallel], address=address) as environment:
            client = await Client.connect(address)
            bare = Worker(
                client,
                task_queue="bare",
                workflows=[BareSequence, BareParallel],
                activities=[bare_add_one],
                workflow_runner=UnsandboxedWorkflowRunner(),
                max_concurrent_activities=40,  # as many as our default
            )

            def run_bare(name: str) -> Call:
                return lambda: client.execute_workflow(name, STEPS, id=f"bare-{uuid.uuid4()}", task_queue="bare")

            kinds: dict[str, tuple[Call, Call]] = {
                "sequence": (lambda: environment.run(in_sequence, STEPS), run_bare("BareSequence")),
                "parallel": (lambda: environment.run(in_parallel, STEPS), run_bare("BareParallel")),
            }
            async with bare:
                figures = {kind: await compare(ours, theirs) for kind, (ours, theirs) in kinds.items()}
    write_figures("authoring", figures)
    for kind, figure in figures.items():
        print(kind, figure)


async def compare(ours: Call, theirs: Call) -> dict[str, float]:
    """Steps a second of each side, and how much of the SDK's throughput is ours."""
    await ours()
    await theirs()
    taken: dict[str, list[float]] = {"output": [], "sdk": []}
    for turn in range(ROUNDS):
        pair = [("output", ours), ("sdk", theirs)]
        for name, call in pair if turn % 2 else reversed(pair):
            taken[name].append(await time_call(call))
    output, bare = statistics.median(taken["output"]), statistics.median(taken["sdk"])
    return {
        "output_steps_per_s": round(STEPS / output, 1),
        "sdk_steps_per_s": round(STEPS / bare, 1),
        "ratio": round(bare / output, 3),
    }


if __name__ == "__main__":
    asyncio.run(main())
    leave(0)
