"""Parallel jobs, time-outs, clean-up, and what a workflow knows of itself."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import BaseModel

from output import (
    ActivityOptions,
    Done,
    Failed,
    FatalError,
    Retry,
    ValidationError,
    continue_as_new,
    continue_as_new_suggested,
    current_run,
    current_step,
    execute_in_parallel,
    logger,
    now,
    random,
    signal,
    sleep,
    step,
    uuid4,
    wait_for,
    workflow,
)
from output.testing import start_environment
from tests.authoring.conftest import Way

ONCE = ActivityOptions(retry=Retry(max_attempts=1))
ROLLED_BACK: list[str] = []


@step
async def half(number: int) -> int:
    await asyncio.sleep(0)
    if number % 2:
        raise FatalError(f"{number} is odd")
    return number // 2


@step
async def hang(seconds: float) -> None:
    await asyncio.sleep(seconds)


@step
def roll_back(what: str) -> str:
    ROLLED_BACK.append(what)
    return what


class Halves(BaseModel):
    halves: list[int]
    errors: list[str]
    seen: int
    most_at_once: int


@workflow
async def halving(count: int, concurrency: int | None = None) -> Halves:
    """Halve numbers, some of which cannot be."""
    running = most = seen = 0

    async def job(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return await half(number)
        finally:
            running -= 1

    def count_endings(_: object) -> None:
        nonlocal seen
        seen += 1
        raise RuntimeError("what this raises is logged")

    endings = await execute_in_parallel(
        [lambda n=n: job(n) for n in range(count)], concurrency=concurrency, on_completed=count_endings
    )
    return Halves(
        halves=[ending.result for ending in endings if isinstance(ending, Done)],
        errors=[str(ending.error) for ending in endings if isinstance(ending, Failed)],
        seen=seen,
        most_at_once=most,
    )


@workflow
async def calls_as_jobs(count: int) -> list[bool]:
    return [ending.ok for ending in await execute_in_parallel(half(n) for n in range(count))]


@workflow(activity_options=ONCE)
async def bounded() -> str:
    try:
        async with asyncio.timeout(0.05):
            await hang(30)
    except TimeoutError:
        pass
    try:
        await asyncio.wait_for(hang(30), 0.05)
    except TimeoutError:
        return "both ended in time"
    return "no time-out"


@workflow(activity_options=ONCE)
async def cleaning_up(what: str) -> None:
    try:
        await hang(60)
    finally:
        await roll_back(what)


class Facts(BaseModel):
    workflow: str
    workflow_id: str
    attempt: int
    catalog: str
    started_at: datetime
    uuids: list[str]
    numbers: list[float]
    slept: bool
    suggested: bool


@workflow
async def knowing() -> Facts:
    run = current_run()
    before = now()
    await sleep(0.01)
    await half(2)
    logger.info("half way")
    return Facts(
        workflow=run.workflow,
        workflow_id=run.workflow_id,
        attempt=run.attempt,
        catalog=run.catalog,
        started_at=run.started_at,
        uuids=[str(uuid4()), str(uuid4())],
        numbers=[random().random(), random().random()],
        slept=now() - before >= timedelta(seconds=0.01),
        suggested=continue_as_new_suggested(),
    )


@workflow
async def counting(up_to: int, reached: int = 0) -> int:
    if reached < up_to:
        continue_as_new(up_to, reached=reached + 1)
    return reached


@workflow
async def counting_typed(up_to: int) -> int:
    if up_to > 0:
        counting_typed.continue_as_new(up_to - 1)
    return up_to


@workflow
async def misfit_next(text: str) -> None:
    continue_as_new({"no": "text"} if text == "wrong" else text)


@workflow
class Waiting:
    def __init__(self) -> None:
        self.go = False

    async def run(self, seconds: float) -> str:
        try:
            await wait_for(lambda: self.go, timeout=timedelta(seconds=seconds))
        except TimeoutError:
            return "too late"
        return "gone"

    @signal
    def leave(self) -> None:
        self.go = True


async def test_parallel_jobs_end_each_in_its_own_way_and_in_order(way: Way) -> None:
    halves = await way.run(halving, 6, 2)

    assert halves.halves == [0, 1, 2]
    assert halves.errors == [f"Step 'half' failed: FatalError: {n} is odd" for n in (1, 3, 5)]
    assert (halves.seen, halves.most_at_once) == (6, 2)


async def test_calls_of_steps_are_jobs_and_no_bound_runs_all_at_once(way: Way) -> None:
    assert await way.run(calls_as_jobs, 5) == [True, False, True, False, True]


async def test_a_concurrency_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="concurrency is 0"):
        await execute_in_parallel([], concurrency=0)


async def test_timeouts_of_asyncio_hold_around_steps(way: Way) -> None:
    assert await way.run(bounded) == "both ended in time"


async def test_clean_up_code_runs_after_a_stop(engine_address: str) -> None:
    async with start_environment(workflows=[cleaning_up], address=engine_address) as environment:
        run = await environment.start(cleaning_up, "stopped")
        async with asyncio.timeout(30):
            while '"ACTIVITY_TASK_SCHEDULED"' not in (await run.history()).replace("EVENT_TYPE_", ""):
                await asyncio.sleep(0.02)
        await run.stop()
        with pytest.raises(Exception, match="failed"):
            await run.result()
        described = await run.handle.describe()

    assert "stopped" in ROLLED_BACK
    assert described.status is not None
    assert described.status.name == "CANCELED"


async def test_a_workflow_knows_its_run_and_its_chance_replays(way: Way) -> None:
    facts = await way.run(knowing)

    assert (facts.workflow, facts.attempt) == ("knowing", 1)
    assert facts.catalog == "plain" if way.is_plain else facts.catalog.startswith("test-")
    assert facts.workflow_id
    assert abs(facts.started_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert len(set(facts.uuids)) == len(set(facts.numbers)) == 2
    assert facts.slept
    assert not facts.suggested


async def test_log_lines_of_a_replayed_workflow_come_once_and_carry_ids(
    engine_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "output.author")
    facts = await Way(engine_address).run(knowing)

    lines = [record for record in caplog.records if record.name == "output.author"]
    assert [line.message for line in lines] == ["half way"]
    assert vars(lines[0])["workflow_id"] == facts.workflow_id
    assert vars(lines[0])["workflow"] == "knowing"


async def test_continue_as_new_goes_on_with_parsed_input(way: Way) -> None:
    assert await way.run(counting, 3) == 3
    assert await way.run(counting_typed, 3) == 0


async def test_a_next_input_that_does_not_fit_fails_the_run(way: Way) -> None:
    with pytest.raises((ValidationError, Exception), match="does not fit"):
        await way.run(misfit_next, "wrong")


async def test_waiting_for_a_signal_ends_with_it_or_with_the_time_out(engine_address: str) -> None:
    assert await Waiting(0.01) == "too late"
    async with start_environment(workflows=[Waiting], address=engine_address) as environment:
        run = await environment.start(Waiting, 60)
        await run.signal("leave")
        assert await run.result() == "gone"
        assert await environment.run(Waiting, 0.01) == "too late"


async def test_what_belongs_in_a_workflow_says_so_elsewhere() -> None:
    with pytest.raises(FatalError, match=r"current_run\(\) belongs in workflow code"):
        current_run()
    with pytest.raises(FatalError, match=r"continue_as_new\(\) belongs in workflow code"):
        continue_as_new(1)

    @workflow
    async def confused() -> int:
        return current_step().attempt

    with pytest.raises(FatalError, match=r"current_step\(\) belongs in a step"):
        await confused()


def test_the_facade_s_names_are_those_that_its_table_has() -> None:
    import output

    assert sorted(output.__all__) == sorted(output._HOMES)  # pyright: ignore[reportPrivateUsage] — the table
