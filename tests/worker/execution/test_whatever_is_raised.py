"""Whatever authored code raises, wherever it does: the run, the handler or the attempt ends, and the worker goes on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable

import pytest

from output import (
    FatalError,
    Retry,
    continue_as_new,
    query,
    signal,
    sleep,
    step,
    update,
    wait_for,
    workflow,
)
from output.errors import RunFailedError
from output.testing import Environment, start_environment


class Abort(BaseException):
    """No Exception."""


class WordlessError(Exception):
    """Has no text."""

    def __str__(self) -> str:
        raise KeyError("text")


class ClosedError(Exception):
    """Shows nothing of itself."""

    @property
    def __dict__(self) -> dict[str, object]:  # type: ignore[override]
        raise RuntimeError("closed")


class UncalledError(FatalError):
    """Does not call the `__init__` that it has."""

    def __init__(self) -> None:
        self.rate = float("nan")


RAISED: dict[str, Callable[[], BaseException]] = {
    "SystemExit": lambda: SystemExit(2),
    "KeyboardInterrupt": KeyboardInterrupt,
    "GeneratorExit": GeneratorExit,
    "Abort": lambda: Abort("enough"),
    "WordlessError": WordlessError,
    "Closed": ClosedError,
    "UncalledError": UncalledError,
    "StopIteration": StopIteration,
    "group": lambda: BaseExceptionGroup("both", [Abort("a"), ValueError("b")]),
}


def throw(kind: str) -> None:
    raise RAISED[kind]()


@step(retry=Retry(max_attempts=1))
async def async_step(kind: str) -> None:
    throw(kind)


@step(retry=Retry(max_attempts=1))
def plain_step(kind: str) -> None:
    throw(kind)


@step(quick=True, retry=Retry(max_attempts=1))
def quick_step(kind: str) -> None:
    throw(kind)


@step
async def fine() -> int:
    return 1


async def raise_below(kind: str) -> None:
    await fine()
    throw(kind)


def raise_in_predicate(kind: str) -> bool:
    throw(kind)
    return True


@workflow
async def raising(place: str, kind: str) -> None:
    match place:
        case "run":
            throw(kind)
        case "task":
            await asyncio.create_task(raise_below(kind))
        case "gather":
            await asyncio.gather(raise_below(kind), fine())
        case "group":
            async with asyncio.TaskGroup() as group:
                group.create_task(raise_below(kind))
        case "predicate":
            await wait_for(lambda: raise_in_predicate(kind))
        case "async step":
            await async_step(kind)
        case "plain step":
            await plain_step(kind)
        case _:
            await quick_step(kind)


@workflow
class Talker:
    """Raises in its messages."""

    def __init__(self) -> None:
        self.is_over = False

    async def run(self) -> str:
        await wait_for(lambda: self.is_over)
        return "over"

    @query
    def ask(self, kind: str) -> None:
        throw(kind)

    @update
    def change(self, kind: str) -> None:
        throw(kind)

    @update
    def go_on(self) -> None:
        continue_as_new()

    @signal
    def end(self) -> None:
        self.is_over = True

    @signal
    def leave(self, kind: str) -> None:
        throw(kind)


@workflow
class Unborn:
    """Raises while it is made."""

    def __init__(self) -> None:
        sys.exit(3)

    async def run(self) -> None: ...


@workflow
async def group_that_goes_on(at: int) -> int:
    if at == 1:
        return at
    async with asyncio.TaskGroup() as group:
        group.create_task(raise_nothing())
        continue_as_new(at + 1)
    raise AssertionError


async def raise_nothing() -> None:
    await fine()


@workflow
async def spinning() -> None:
    while True:
        await asyncio.sleep(0)


@workflow
async def many_steps(count: int) -> int:
    return sum(await asyncio.gather(*(fine() for _ in range(count))))


@workflow
async def unordered(count: int) -> list[int]:
    """What `asyncio.wait` gives, in the order in which its sets are gone through."""
    tasks = {asyncio.create_task(number_of(number)) for number in range(count)}
    found: list[int] = []
    while tasks:
        done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            found.append(await task)
            await sleep(0.01)
    return found


async def number_of(number: int) -> int:
    await fine()
    return number


PLACES = ("run", "task", "gather", "group", "predicate", "async step", "plain step", "quick step")
WORKFLOWS = [raising, Talker, Unborn, group_that_goes_on, spinning, many_steps, unordered]


@pytest.fixture(scope="module")
async def environment(engine_address: str) -> AsyncGenerator[Environment]:
    async with start_environment(workflows=WORKFLOWS, address=engine_address) as environment:
        yield environment


@pytest.mark.parametrize("kind", RAISED)
@pytest.mark.parametrize("place", PLACES)
async def test_the_run_fails_and_another_one_completes(environment: Environment, place: str, kind: str) -> None:
    async with asyncio.timeout(30):
        with pytest.raises(RunFailedError) as failed:
            await environment.run(raising, place, kind)
        assert await environment.run(many_steps, 2) == 2

    assert failed.value.raised.name


async def test_a_class_that_raises_while_it_is_made_fails_its_run(environment: Environment) -> None:
    async with asyncio.timeout(20):
        with pytest.raises(RunFailedError, match="SystemExit"):
            await environment.run(Unborn)


async def test_to_continue_as_new_inside_of_a_task_group_goes_on(environment: Environment) -> None:
    async with asyncio.timeout(20):
        assert await environment.run(group_that_goes_on, 0) == 1


@pytest.mark.parametrize("kind", RAISED)
async def test_a_message_that_raises_is_answered_and_the_run_takes_the_next(
    environment: Environment, kind: str
) -> None:
    async with asyncio.timeout(30):
        run = await environment.start(Talker)
        for send in (run.query, run.update):
            with pytest.raises(Exception, match=r".") as raised:
                await send("ask" if send == run.query else "change", kind)
            assert not isinstance(raised.value, TimeoutError)
        with pytest.raises(Exception, match=r".") as refused:
            await run.update("go_on")
        assert "belongs in `run` itself" in f"{refused.value} {refused.value.__cause__}"
        await run.signal("end")

        assert await run.result() == "over"


async def test_a_signal_that_raises_ends_the_run(environment: Environment) -> None:
    async with asyncio.timeout(20):
        run = await environment.start(Talker)
        await run.signal("leave", "SystemExit")
        with pytest.raises(RunFailedError, match="SystemExit"):
            await run.result()


async def test_a_loop_that_never_idles_leaves_the_worker_to_others(environment: Environment) -> None:
    async with asyncio.timeout(60):
        await environment.start(spinning)
        assert await environment.run(many_steps, 3) == 3


async def test_more_steps_than_the_engine_takes_at_once_complete(environment: Environment) -> None:
    async with asyncio.timeout(100):
        assert await environment.run(many_steps, 1_100) == 1_100


async def test_sets_of_tasks_replay_as_they_were(engine_address: str) -> None:
    async with start_environment(workflows=[unordered], address=engine_address, max_cached_workflows=0) as environment:
        for _ in range(5):
            async with asyncio.timeout(60):
                assert sorted(await environment.run(unordered, 8)) == list(range(8))
