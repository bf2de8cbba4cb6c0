"""A call that is never awaited ends the run with the line where it was made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta

import pytest

from output import (
    evaluator,
    execute_in_parallel,
    send_http_request,
    signal,
    sleep,
    start_child,
    step,
    update,
    wait_for,
    workflow,
)
from output.authoring.evaluator import BooleanEvaluation
from output.authoring.runtime import calls as module
from output.authoring.runtime.calls import Calls
from output.authoring.workflow import Workflow
from output.errors import NotAwaitedError, OutputError, RunFailedError
from output.testing import start_environment

HERE = "tests/authoring/runtime/test_calls.py"


@step
async def note(text: str) -> str:
    return text


@evaluator
async def judge(text: str) -> BooleanEvaluation:
    return BooleanEvaluation(value=bool(text), confidence=1)


@workflow
async def child(text: str) -> str:
    return text


def line_of(function: Callable[..., object], plus: int) -> str:
    return f"{HERE}:{function.__code__.co_firstlineno + plus}"


async def forget_a_step() -> str:
    note("a")  # pyright: ignore[reportUnusedCoroutine]
    return "done"


async def forget_an_evaluator() -> str:
    judge("a")  # pyright: ignore[reportUnusedCoroutine]
    return "done"


async def forget_a_child() -> str:
    child("a")  # pyright: ignore[reportUnusedCoroutine]
    return "done"


async def forget_a_pause() -> str:
    sleep(1)  # pyright: ignore[reportUnusedCoroutine]
    return "done"


async def forget_a_wait() -> str:
    wait_for(lambda: False)  # pyright: ignore[reportUnusedCoroutine]
    return "done"


async def forget_a_request() -> str:
    send_http_request("http://127.0.0.1:9/")  # pyright: ignore[reportUnusedCoroutine]
    return "done"


async def forget_all_of_them() -> str:
    execute_in_parallel([])  # pyright: ignore[reportUnusedCoroutine]
    return "done"


async def keep_it_in_a_name() -> str:
    kept = note("a")
    return str(type(kept))


FORGETFUL = [
    (forget_a_step, "step 'note'"),
    (forget_an_evaluator, "evaluator 'judge'"),
    (forget_a_child, "workflow 'child'"),
    (forget_a_pause, "`sleep(...)`"),
    (forget_a_wait, "`wait_for(...)`"),
    (forget_a_request, "`send_http_request(...)`"),
    (forget_all_of_them, "`execute_in_parallel(...)`"),
    (keep_it_in_a_name, "step 'note'"),
]


@pytest.mark.parametrize(("function", "what"), FORGETFUL, ids=lambda value: getattr(value, "__name__", ""))
async def test_a_plain_run_with_a_forgotten_await_fails_with_the_line(
    function: Callable[[], Coroutine[None, None, str]], what: str
) -> None:
    with pytest.raises(NotAwaitedError) as raised:
        await workflow(function)()

    where = line_of(function, 1)
    assert str(raised.value) == (
        f"{what} was called at {where} and never awaited, so nothing came of it; write `await` there."
    )
    assert (raised.value.call, raised.value.where) == (what, where)


@workflow
async def forgets_before_it_waits() -> None:
    note("a")  # pyright: ignore[reportUnusedCoroutine]
    await wait_for(lambda: False)


@workflow
async def forgets_before_it_goes_on(left: int) -> int:
    if left:
        note("a")  # pyright: ignore[reportUnusedCoroutine]
        forgets_before_it_goes_on.continue_as_new(left - 1)
    return left


@workflow
async def forgets_a_detached_child() -> str:
    start_child(child, "a")  # pyright: ignore[reportUnusedCoroutine]
    return "done"


@workflow
async def swallows_what_it_forgot() -> str:
    try:
        note("a")  # pyright: ignore[reportUnusedCoroutine]
        await note("b")
    except OutputError:
        pass
    return "done"


@workflow
class Forgetful:
    """Its handlers forget to await."""

    def __init__(self) -> None:
        self.done = False

    async def run(self) -> str:
        await wait_for(lambda: self.done)
        return "done"

    @signal
    async def poke(self) -> None:
        note("a")  # pyright: ignore[reportUnusedCoroutine]

    @update
    async def ask(self) -> str:
        note("a")  # pyright: ignore[reportUnusedCoroutine]
        return "asked"


@workflow
async def does_all_that_is_allowed() -> list[str]:
    first = asyncio.create_task(note("a"))
    jobs: list[Awaitable[str]] = [note("b"), note("c")]
    done = [await first, *await asyncio.gather(*jobs)]
    unused = note("d")
    unused.close()
    try:
        await asyncio.wait_for(sleep(timedelta(hours=1)), timeout=0.01)
    except TimeoutError:
        done.append("late")
    await execute_in_parallel(note(each) for each in "ef")
    for _ in range(200):
        jobs = [note("g") for _ in range(2)]
        for job in jobs:
            job.close()  # type: ignore[attr-defined]
    return done


@pytest.mark.parametrize(
    "flow",
    [forgets_before_it_waits, forgets_a_detached_child, swallows_what_it_forgot, workflow(forget_a_step)],
    ids=lambda flow: flow.name,
)
async def test_a_run_with_a_forgotten_await_fails_on_the_engine_at_once(
    flow: Workflow[[], object], engine_address: str
) -> None:
    async with start_environment(workflows=[flow, child], address=engine_address) as environment:
        run = await environment.start(flow)
        with pytest.raises(RunFailedError, match=rf"was called at .*{HERE}:\d+ and never awaited"):
            await run.result()


async def test_a_run_that_goes_on_as_a_new_one_has_forgotten_nothing(engine_address: str) -> None:
    async with start_environment(workflows=[forgets_before_it_goes_on], address=engine_address) as environment:
        run = await environment.start(forgets_before_it_goes_on, 1)
        with pytest.raises(RunFailedError, match="never awaited"):
            await run.result()


async def test_handlers_that_forget_are_told(engine_address: str) -> None:
    async with start_environment(workflows=[Forgetful], address=engine_address) as environment:
        run = await environment.start(Forgetful)
        with pytest.raises(Exception) as raised:  # noqa: PT011 — whatever the kit makes of a failed update
            await run.update("ask")
        assert "never awaited" in f"{raised.value} {raised.value.__cause__}"
        run = await environment.start(Forgetful)
        await run.signal("poke")
        with pytest.raises(RunFailedError, match="never awaited"):
            await run.result()


async def test_calls_that_begin_later_or_are_given_up_are_no_mistake(engine_address: str) -> None:
    async with start_environment(workflows=[does_all_that_is_allowed], address=engine_address) as environment:
        run = await environment.start(does_all_that_is_allowed)
        assert await run.result() == ["a", "b", "c", "late"]


async def test_many_more_calls_than_a_run_can_make_are_not_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 100)
    calls, kept = Calls(), list[Coroutine[object, object, object]]()

    def collect() -> None:
        for _ in range(300):
            kept.append(calls.expect(asyncio.sleep(1), "a pause"))

    with pytest.raises(NotAwaitedError, match="a pause was called at"):
        collect()

    assert 100 <= len(kept) < 300
    for work in kept:
        work.close()
