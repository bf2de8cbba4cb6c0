"""Hooks are told what happens, and harm nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import cast

import pytest

from output import (
    ActivityOptions,
    Emitted,
    FatalError,
    Retry,
    StepEnded,
    StepFailed,
    StepStarted,
    WorkflowEnded,
    WorkflowFailed,
    WorkflowStarted,
    current_step,
    emit,
    on,
    on_error,
    on_step_end,
    on_step_error,
    on_step_start,
    on_workflow_end,
    on_workflow_error,
    on_workflow_start,
    step,
    workflow,
)
from output.authoring.hooks import Hook, HookEvent
from output.testing import start_environment, step_run

TOLD: list[HookEvent] = []
ERRORS: list[str] = []
FOREVER = threading.Event()


@on_workflow_start
async def started(event: WorkflowStarted) -> None:
    TOLD.append(event)


@on_workflow_end
def ended(event: WorkflowEnded) -> None:
    TOLD.append(event)


@on_workflow_error
async def failed(event: WorkflowFailed) -> None:
    TOLD.append(event)


@on_step_start
async def step_started(event: StepStarted) -> None:
    TOLD.append(event)


@on_step_end
async def step_ended(event: StepEnded) -> None:
    TOLD.append(event)


@on_step_error
async def step_failed(event: StepFailed) -> None:
    TOLD.append(event)


@on_error
async def any_error(event: StepFailed | WorkflowFailed) -> None:
    ERRORS.append(event.error.name)


@on("page_fetched")
async def fetched(event: Emitted) -> None:
    TOLD.append(event)


@on_step_start
async def broken(event: StepStarted) -> None:
    raise RuntimeError("a hook of no use")


@on_workflow_start
def hanging(event: WorkflowStarted) -> None:
    FOREVER.wait(60)


@step
async def fetch(fail: bool) -> str:
    emit("page_fetched", {"size": 3})
    emit("nobody_listens", 1)
    if fail:
        raise FatalError("gone")
    if current_step().attempt == 1:
        raise ConnectionError("once")
    return "page"


@workflow(activity_options=ActivityOptions(retry=Retry(initial_interval=timedelta(milliseconds=10))))
async def fetching(fail: bool) -> str:
    return await fetch(fail)


def hooks(*chosen: object) -> Sequence[Hook[HookEvent]]:
    return [cast("Hook[HookEvent]", hook) for hook in chosen]


def told_kinds() -> list[str]:
    return [type(event).__name__ for event in TOLD]


async def test_each_event_is_told_once_with_an_id_and_a_time(engine_address: str) -> None:
    TOLD.clear()
    ERRORS.clear()
    chosen = hooks(started, ended, failed, step_started, step_ended, step_failed, any_error, fetched)
    async with start_environment(
        workflows=[fetching], hooks=chosen, address=engine_address, max_cached_workflows=0
    ) as environment:
        assert await environment.run(fetching, False) == "page"
        with pytest.raises(Exception, match="gone"):
            await environment.run(fetching, True)

    kinds = sorted(told_kinds())
    assert kinds == sorted(
        [
            *["WorkflowStarted", "StepStarted", "Emitted", "StepFailed", "StepStarted", "Emitted", "StepEnded"],
            *["WorkflowEnded", "WorkflowStarted", "StepStarted", "Emitted", "StepFailed", "WorkflowFailed"],
        ]
    )
    assert sorted(ERRORS) == ["ConnectionError", "FatalError", "FatalError"]
    assert len({event.event_id for event in TOLD}) == len(TOLD)
    assert all(event.time.tzinfo is not None for event in TOLD)
    emitted = next(event for event in TOLD if isinstance(event, Emitted))
    assert (emitted.payload, emitted.step, emitted.workflow) == ({"size": 3}, "fetch", "fetching")


async def test_hooks_that_raise_or_hang_harm_nothing(engine_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("output.worker.execution.hooks.CLOSE_SECONDS", 0.2)
    chosen = hooks(broken, hanging)
    async with start_environment(workflows=[fetching], hooks=chosen, address=engine_address) as environment:
        async with asyncio.timeout(30):
            assert await environment.run(fetching, False) == "page"
    FOREVER.set()


async def test_without_an_engine_a_test_sees_what_was_emitted() -> None:
    with step_run(attempt=2) as run:
        await fetch(False)

    assert run.events == [("page_fetched", {"size": 3}), ("nobody_listens", 1)]
