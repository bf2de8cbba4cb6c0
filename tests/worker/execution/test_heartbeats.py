"""Heartbeats go on while a step blocks its worker, and carry what the author gave them."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from output import Retry, current_step, step, workflow
from output.authoring.options import DEFAULTS
from output.errors import RunFailedError
from output.testing import Environment, start_environment
from output.worker.execution.heartbeats import blocking_place

SHORT = timedelta(seconds=2)
TWICE = Retry(max_attempts=2, initial_interval=timedelta(milliseconds=10))
attempts: list[int] = []


def block(seconds: float) -> None:
    """Keeps the event loop, as a library does that computes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(1_000))


@step(heartbeat_timeout=SHORT, retry=TWICE)
async def compute(seconds: float) -> int:
    attempts.append(current_step().attempt)
    block(seconds)
    return current_step().attempt


@step(heartbeat_timeout=SHORT, retry=TWICE)
async def import_rows() -> object:
    run = current_step()
    if run.attempt == 2:
        return run.last_heartbeat
    run.heartbeat({"row": 7})
    await asyncio.sleep(0)
    block(6)
    raise ConnectionError("gone")


@step(heartbeat_timeout=SHORT, retry=TWICE)
def compute_on_a_thread(seconds: float) -> int:
    block(seconds)
    return current_step().attempt


@workflow
async def computes(seconds: float) -> int:
    return await compute(seconds)


@workflow
async def computes_on_a_thread(seconds: float) -> int:
    return await compute_on_a_thread(seconds)


@workflow
async def imports() -> object:
    return await import_rows()


@step(retry=Retry(max_attempts=1))
async def wait_long() -> None:
    await asyncio.sleep(60)


@workflow
async def waits() -> None:
    async with asyncio.timeout(1):
        await wait_long()


@pytest.fixture(scope="module")
async def environment(engine_address: str) -> AsyncGenerator[Environment]:
    found = [computes, computes_on_a_thread, imports, waits]
    async with start_environment(workflows=found, address=engine_address) as environment:
        yield environment


async def test_a_step_that_blocks_three_time_outs_long_is_done_once(environment: Environment) -> None:
    attempts.clear()
    async with asyncio.timeout(40):
        assert await environment.run(computes, 6.0) == 1

    assert attempts == [1]


async def test_a_plain_step_that_computes_is_done_once(environment: Environment) -> None:
    async with asyncio.timeout(40):
        assert await environment.run(computes_on_a_thread, 6.0) == 1


async def test_details_given_before_the_block_are_there_for_the_next_attempt(environment: Environment) -> None:
    async with asyncio.timeout(40):
        assert await environment.run(imports) == {"row": 7}


async def test_a_cancellation_arrives_within_seconds_and_not_with_the_default_time_out(
    environment: Environment,
) -> None:
    async with asyncio.timeout(20):
        with pytest.raises(RunFailedError, match="TimeoutError"):
            await environment.run(waits)


def test_a_killed_worker_costs_a_minute_by_default() -> None:
    assert DEFAULTS.heartbeat_timeout == timedelta(seconds=60)


def test_the_place_of_a_block_is_the_author_s_line_and_the_function_that_led_there() -> None:
    def inner() -> str | None:
        return blocking_place(inspect.currentframe())

    def outer() -> str | None:
        return inner()

    place = outer()

    assert place is not None
    assert f"{__file__}:" in place
    assert " in inner, called by " in place
    assert blocking_place(None) is None
