"""Hooks run beside everything: what raises or hangs in one harms nobody."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from typing import cast

import pytest

from output import Emitted, StepStarted, on, on_step_start
from output.worker.execution import hooks
from output.worker.execution.hooks import AnyHook, HookRunner
from tests.support.waiting import eventually


def started(step: str = "pack") -> StepStarted:
    return StepStarted(
        event_id="e", time=datetime.now(UTC), workflow="order", workflow_id="w", run_id="r", step=step, attempt=1
    )


def runner_of(*given: object) -> HookRunner:
    return HookRunner([cast("AnyHook", each) for each in given])


async def test_plain_and_async_hooks_get_the_events_that_they_want() -> None:
    got: list[str] = []

    @on_step_start
    def plain(event: StepStarted) -> None:
        got.append(f"plain {event.step}")

    @on_step_start
    async def waiting(event: StepStarted) -> None:
        await asyncio.sleep(0)
        got.append(f"async {event.step}")

    @on("half_way")
    def other(event: Emitted) -> None:
        got.append(event.event)

    runner = runner_of(plain, waiting, other)
    await runner.report_and_wait(started())
    await runner.close()

    assert sorted(got) == ["async pack", "plain pack"]


async def test_a_hook_that_raises_or_blocks_its_thread_does_not_hold_up_another() -> None:
    got: list[str] = []
    gate = threading.Event()

    @on_step_start
    def broken(event: StepStarted) -> None:
        raise RuntimeError(event.step)

    @on_step_start
    def blocking(event: StepStarted) -> None:
        gate.wait(60)

    @on_step_start
    async def good(event: StepStarted) -> None:
        got.append(event.step)

    runner = runner_of(broken, blocking, good)
    runner.report(started("one"))
    runner.report(started("two"))
    await eventually(lambda: len(got) == 2, "the good hook's events")
    gate.set()
    await runner.close()

    assert got == ["one", "two"]


async def test_hooks_may_be_told_from_any_thread_and_run_on_none_of_the_callers() -> None:
    threads: list[str] = []

    @on_step_start
    async def where(event: StepStarted) -> None:
        threads.append(threading.current_thread().name)

    runner = runner_of(where)
    await asyncio.to_thread(runner.report, started())
    await eventually(lambda: threads, "the hook's call")
    await runner.close()

    assert threads == ["hooks"]


async def test_hooks_that_hang_are_given_up_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "CLOSE_SECONDS", 0.05)

    @on_step_start
    async def hanging(event: StepStarted) -> None:
        await asyncio.sleep(3600)

    runner = runner_of(hanging)
    runner.report(started())
    async with asyncio.timeout(10):
        await runner.close()


async def test_what_comes_after_the_end_is_for_nobody() -> None:
    got: list[str] = []

    @on_step_start
    def late(event: StepStarted) -> None:
        got.append(event.step)

    runner = runner_of(late)
    await runner.close()
    runner.report(started())
    await runner.close()

    assert got == []


async def test_more_hooks_than_may_run_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "MAX_RUNNING", 3)
    begun: list[int] = []
    gate = threading.Event()

    @on_step_start
    def slow(event: StepStarted) -> None:
        begun.append(1)
        gate.wait(60)

    runner = runner_of(slow)
    for _ in range(10):
        runner.report(started())
    await eventually(lambda: len(begun) == 3, "three calls")
    gate.set()
    await runner.close()

    assert len(begun) == 3
