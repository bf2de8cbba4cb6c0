"""What a step may ask while it runs."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta

import pytest

from output import ActivityOptions, Retry, current_run, current_step, has_error_type, signal, step, workflow
from output.testing import start_environment, step_run
from tests.authoring.conftest import Way

QUICK = ActivityOptions(
    retry=Retry(max_attempts=3, initial_interval=timedelta(milliseconds=10)), heartbeat_timeout=timedelta(seconds=2)
)
SEEN: list[object] = []
STOPPED = threading.Event()


@step
async def resume_from_heartbeat() -> list[object]:
    run = current_step()
    SEEN.append((run.attempt, run.last_heartbeat))
    run.heartbeat({"page": run.attempt})
    await asyncio.sleep(0.01)
    if run.attempt < 3:
        raise ConnectionError("lost")
    return [run.attempt, run.step, run.workflow_id, run.run_id]


@step
def work_on_a_thread(*, limit: float) -> str:
    """Blocks, heartbeats and asks whether to stop, all from its thread."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        current_step().heartbeat(threading.current_thread().name)
        if current_step().is_cancelled:
            STOPPED.set()
            return "stopped"
        time.sleep(0.01)
    return threading.current_thread().name


@step
async def report_progress(upto: int) -> int:
    for number in range(upto):
        await current_step().signal("progress", number)
    return upto


@step
def report_from_thread() -> None:
    current_step().signal_from_thread("progress", -1)


@workflow(activity_options=QUICK)
async def resuming() -> list[object]:
    run = current_run()
    told = await resume_from_heartbeat()
    return [*told[:2], told[2:] == [run.workflow_id, run.run_id]]


@workflow(activity_options=QUICK)
async def threading_workflow(limit: float) -> str:
    return await work_on_a_thread(limit=limit)


@workflow(activity_options=QUICK)
class Watching:
    def __init__(self) -> None:
        self.heard: list[int] = []

    async def run(self) -> list[int]:
        await report_progress(3)
        await report_from_thread()
        return self.heard

    @signal
    def progress(self, number: int) -> None:
        self.heard.append(number)


async def test_the_next_attempt_reads_the_last_heartbeat(engine_address: str) -> None:
    SEEN.clear()

    assert await Way(engine_address).run(resuming) == [3, "resume_from_heartbeat", True]
    assert SEEN == [(1, None), (2, {"page": 1}), (3, {"page": 2})]


async def test_a_plain_function_runs_on_a_thread(way: Way) -> None:
    name = await way.run(threading_workflow, 0.02)

    assert name != threading.main_thread().name


async def test_a_step_on_a_thread_sees_that_it_is_to_stop(engine_address: str) -> None:
    STOPPED.clear()
    async with start_environment(workflows=[threading_workflow], address=engine_address) as environment:
        run = await environment.start(threading_workflow, 60)
        async with asyncio.timeout(30):
            while '"EVENT_TYPE_ACTIVITY_TASK_SCHEDULED"' not in await run.history():
                await asyncio.sleep(0.02)
        await run.stop()
        with pytest.raises(Exception, match="failed") as caught:
            await run.result()
        assert await asyncio.to_thread(STOPPED.wait, 30)

    assert has_error_type(caught.value, "CancelledError")


async def test_a_step_signals_the_run_that_called_it(engine_address: str) -> None:
    async with start_environment(workflows=[Watching], address=engine_address) as environment:
        assert await environment.run(Watching) == [0, 1, 2, -1]


async def test_without_an_engine_a_test_sees_what_the_step_told() -> None:
    with step_run(attempt=3, last_heartbeat={"page": 2}) as run:
        told = await resume_from_heartbeat()
        await report_progress(2)

    assert told[:2] == [3, "step"]
    assert run.heartbeats == [{"page": 3}]
    assert run.signals == [("progress", 0), ("progress", 1)]
