"""Workflows in workflows."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus

from output import (
    ActivityOptions,
    ChildError,
    Retry,
    WorkflowAlreadyStartedError,
    current_run,
    query,
    signal,
    sleep,
    start_child,
    step,
    wait_for,
    workflow,
)
from output.authoring.workflow import Workflow
from output.testing import Environment, RunFailedError, start_environment
from output.worker.execution.runtime import derive_child_id
from tests.authoring.conftest import Way


@step
async def double(number: int) -> int:
    return number * 2


@workflow(activity_options=ActivityOptions(timeout=timedelta(minutes=7)))
async def doubling(number: int) -> int:
    return await double(number)


@workflow
class Collecting:
    """A workflow that talks."""

    def __init__(self) -> None:
        self.found: list[str] = []

    async def run(self, wanted: int) -> list[str]:
        await wait_for(lambda: len(self.found) >= wanted, timeout=timedelta(seconds=30))
        return self.found

    @signal
    def add(self, word: str) -> None:
        self.found.append(word)

    @query
    def count(self) -> int:
        return len(self.found)


@workflow
async def family(number: int) -> list[int]:
    first = await doubling(number)
    rest = await asyncio.gather(*(doubling(first + n) for n in range(3)))
    empty = await Collecting(0)
    return [first, *rest, len(empty)]


@workflow
async def failing() -> None:
    raise LookupError("nothing here")


@workflow
async def forever() -> None:
    await sleep(timedelta(days=300))


@workflow(activity_options=ActivityOptions(priority=2, retry=Retry(max_attempts=9)))
async def options_parent() -> str:
    run = await start_child(doubling, 4)
    return run.workflow_id


@workflow
async def leaving_children() -> list[str]:
    waiting = asyncio.ensure_future(forever.with_options(workflow_id=f"{current_run().workflow_id}-attached")())
    detached = await start_child(forever)
    failed = await start_child(failing)
    await asyncio.sleep(0)
    assert not waiting.done()
    return [detached.workflow_id, failed.workflow_id]


@workflow
async def twice(child_id: str) -> str:
    await start_child(forever.with_options(workflow_id=child_id))
    try:
        await start_child(forever.with_options(workflow_id=child_id))
    except WorkflowAlreadyStartedError as error:
        return error.message
    return "started twice"


@workflow
async def impatient() -> str:
    try:
        await forever.with_options(timeout=timedelta(seconds=1))()
    except ChildError as error:
        return error.raised.name
    return "waited"


@workflow
async def starting_a_stranger(number: int) -> int:
    return await stranger_of(number)(number)


def stranger_of(number: int) -> Workflow[[int], int]:
    @workflow(name=f"stranger_{number}")
    async def stranger(number: int) -> int:
        return number

    return stranger


async def test_a_call_of_a_workflow_is_a_child_with_a_typed_result(way: Way) -> None:
    assert await way.run(family, 1) == [2, 4, 6, 8, 0]


async def test_detached_children_outlive_the_parent_attached_ones_die_with_it(engine_address: str) -> None:
    async with start_environment(workflows=[leaving_children], address=engine_address) as environment:
        run = await environment.start(leaving_children)
        detached, failed = await run.result()
        client = environment.engine.client
        async with asyncio.timeout(30):
            while await status_of(environment, f"{run.workflow_id}-attached") == WorkflowExecutionStatus.RUNNING:
                await asyncio.sleep(0.02)
            while await status_of(environment, failed) == WorkflowExecutionStatus.RUNNING:
                await asyncio.sleep(0.02)

        assert await status_of(environment, f"{run.workflow_id}-attached") == WorkflowExecutionStatus.TERMINATED
        assert await status_of(environment, failed) == WorkflowExecutionStatus.FAILED
        assert await status_of(environment, detached) == WorkflowExecutionStatus.RUNNING
        assert await status_of(environment, run.workflow_id) == WorkflowExecutionStatus.COMPLETED
        await client.get_workflow_handle(detached).terminate()


async def test_a_child_s_id_is_derived_and_its_memo_has_the_payload_version(engine_address: str) -> None:
    async with start_environment(workflows=[options_parent], address=engine_address) as environment:
        run = await environment.start(options_parent)
        child_id = await run.result()
        child = environment.engine.client.get_workflow_handle(child_id)
        await child.result()
        memo = await (await child.describe()).memo()
        history = await child.fetch_history()

    assert child_id.startswith(f"{run.workflow_id}.doubling.")
    assert memo["payloadVersion"] == "2"
    scheduled = next(
        event.activity_task_scheduled_event_attributes
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    )
    assert scheduled.retry_policy.maximum_attempts == 9, "the parent's"
    assert scheduled.priority.priority_key == 2, "the parent's"
    assert scheduled.start_to_close_timeout.seconds == 7 * 60, "its own"
    assert scheduled.heartbeat_timeout.seconds == 60, "the default"


@workflow
async def patient() -> str:
    try:
        async with asyncio.timeout(0.2):
            await forever.with_options(workflow_id="patient-first")()
    except TimeoutError:
        await forever.with_options(workflow_id="patient-second")()
    return "never"


async def test_a_time_out_and_a_stop_reach_the_child_that_is_awaited(engine_address: str) -> None:
    async with start_environment(workflows=[patient], address=engine_address) as environment:
        run = await environment.start(patient)
        async with asyncio.timeout(30):
            while "patient-second" not in await run.history():
                await asyncio.sleep(0.05)
        await run.stop()
        with pytest.raises(RunFailedError):
            await run.result()

        for workflow_id in ("patient-first", "patient-second", run.workflow_id):
            assert await status_of(environment, workflow_id) == WorkflowExecutionStatus.CANCELED


async def test_an_id_that_is_taken_is_told_to_the_parent(engine_address: str) -> None:
    async with start_environment(workflows=[twice], address=engine_address) as environment:
        told = await environment.run(twice, "taken")
        await environment.engine.client.get_workflow_handle("taken").terminate()

    assert "'taken' is running" in told


async def test_a_child_s_time_out_is_an_error_of_the_child(engine_address: str) -> None:
    async with start_environment(workflows=[impatient], address=engine_address) as environment:
        assert await environment.run(impatient) == "TimeoutError"


async def test_a_child_that_the_worker_does_not_have_fails_clearly(engine_address: str) -> None:
    async with start_environment(workflows=[starting_a_stranger], address=engine_address) as environment:
        with pytest.raises(RunFailedError, match="has no workflow 'stranger_3'"):
            await environment.run(starting_a_stranger, 3)


def test_derived_ids_stay_within_the_engine_s_limit_and_differ() -> None:
    from uuid import UUID

    long = "p" * 250
    ids = [derive_child_id(parent, "child", UUID(int=n)) for parent in (long, long + "q") for n in (1 << 100, 2 << 100)]

    assert len(set(ids)) == 4
    assert max(map(len, ids)) <= 255
    assert derive_child_id("p", "child", UUID(int=1 << 100)) == "p.child.000000100000"


async def status_of(environment: Environment, workflow_id: str) -> WorkflowExecutionStatus | None:
    return (await environment.engine.client.get_workflow_handle(workflow_id).describe()).status
