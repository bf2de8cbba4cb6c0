"""One attempt of a step in a worker: found, parsed, run, told of, and its errors marked."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from temporalio.client import Client
from temporalio.common import RawValue, RetryPolicy
from temporalio.testing import ActivityEnvironment

from output import FatalError, ValidationError, current_step, emit, step
from output.authoring.hooks import Emitted, HookEvent, StepEnded, StepFailed, StepStarted
from output.authoring.step import AnyStep
from output.config.settings import EngineSettings, load
from output.engine.connection import Engine
from output.engine.failures import CodeError
from output.engine.payloads.converter import Encoded, to_payload
from output.worker.execution.activity import StepExitError, StepRunner, UnknownStepError, WorkerStoppedError
from output.worker.execution.registry import Registry


class Told:
    """Hooks that keep what they are told."""

    def __init__(self) -> None:
        self.events: list[HookEvent] = []

    def report(self, event: HookEvent) -> None:
        self.events.append(event)


@step
async def double(number: int) -> int:
    return 2 * number


@step
def thread_name() -> str:
    return threading.current_thread().name


@step
async def fail(kind: str) -> None:
    raise {"again": ConnectionError, "never": FatalError}[kind](f"{kind}!")


@step
async def leave(code: int) -> None:
    raise SystemExit(code)


@step
async def report() -> int:
    current_step().heartbeat({"at": 1})
    emit("half_way", [1, 2])
    return current_step().attempt


@step
async def hang() -> None:
    await asyncio.sleep(60)


@step
async def lie() -> int:
    return cast("int", "no number")


STEPS = {each.name: cast("AnyStep", each) for each in (double, thread_name, fail, leave, report, hang, lie)}
REGISTRY = Registry({}, {f"w#{name}": each for name, each in STEPS.items()}, {})


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def runner(told: Told) -> AsyncGenerator[StepRunner]:
    engine = Engine(cast("Client", None), load(EngineSettings))  # only signals need a client
    runner = StepRunner(REGISTRY, engine, told, threads=2)
    yield runner
    runner.close()


def environment(name: str, *, non_retryable: tuple[str, ...] = (), **facts: object) -> ActivityEnvironment:
    found = ActivityEnvironment()
    policy = RetryPolicy(non_retryable_error_types=list(non_retryable))
    known = {"activity_type": f"w#{name}", "workflow_id": "order-7", "workflow_run_id": "run-1", "retry_policy": policy}
    found.info = replace(found.info, **{**known, **facts})
    return found


async def run(runner: StepRunner, name: str, given: object = None, /, **facts: object) -> object:
    values = [RawValue(to_payload(json.dumps(given).encode()))] if given is not None else []
    result = await environment(name, **facts).run(runner.run, values)  # type: ignore[arg-type]
    assert isinstance(result, Encoded)
    return json.loads(result.data)


async def test_a_step_is_found_by_its_type_and_gets_parsed_arguments(runner: StepRunner) -> None:
    assert await run(runner, "double", 21) == 42


async def test_a_plain_function_runs_on_a_thread_of_the_pool(runner: StepRunner) -> None:
    assert str(await run(runner, "thread_name")).startswith("step")


async def test_hooks_are_told_of_start_and_end_and_of_what_the_step_emits(runner: StepRunner, told: Told) -> None:
    assert await run(runner, "report", attempt=3) == 3

    assert [type(event) for event in told.events] == [StepStarted, Emitted, StepEnded]
    assert [event.event_id for event in told.events] == [f"run-1:test:3:{what}" for what in ("start", "emit:1", "end")]
    emitted = told.events[1]
    assert isinstance(emitted, Emitted)
    assert (emitted.event, emitted.payload, emitted.step, emitted.workflow_id) == (
        "half_way",
        [1, 2],
        "report",
        "order-7",
    )


async def test_heartbeats_carry_the_authors_details_and_the_last_ones_come_back(runner: StepRunner) -> None:
    beats: list[object] = []
    found = environment("report", heartbeat_details=[{"at": 9}])
    found.on_heartbeat = lambda *details: beats.append(details)
    await found.run(runner.run, [])

    assert beats == [({"at": 1},)]


async def test_an_error_is_told_and_stays_itself(runner: StepRunner, told: Told) -> None:
    with pytest.raises(ConnectionError, match="again!"):
        await run(runner, "fail", "again")

    failed = told.events[-1]
    assert isinstance(failed, StepFailed)
    assert failed.error.name == "ConnectionError"


@pytest.mark.parametrize("listed", ["ConnectionError", "builtins.ConnectionError", "OSError"])
async def test_an_error_that_the_policy_lists_by_name_or_base_is_final(runner: StepRunner, listed: str) -> None:
    with pytest.raises(CodeError) as caught:
        await run(runner, "fail", "again", non_retryable=(listed,))

    assert caught.value.is_final
    assert isinstance(caught.value.original, ConnectionError)


async def test_an_error_that_the_policy_does_not_list_is_tried_again(runner: StepRunner) -> None:
    with pytest.raises(ConnectionError):
        await run(runner, "fail", "again", non_retryable=("KeyError", "Error"))


async def test_arguments_and_results_that_do_not_fit_are_told_as_such(runner: StepRunner) -> None:
    with pytest.raises(ValidationError, match="Input of step 'double' does not fit"):
        await run(runner, "double", "many")
    with pytest.raises(ValidationError):
        await run(runner, "lie")


async def test_an_exit_ends_the_step_and_not_the_worker(runner: StepRunner) -> None:
    with pytest.raises(StepExitError, match=r"sys.exit\(3\)"):
        await run(runner, "leave", 3)


async def test_an_unknown_step_is_named(runner: StepRunner) -> None:
    with pytest.raises(UnknownStepError, match="has no step 'nobody'"):
        await run(runner, "nobody")


async def test_a_worker_that_stops_at_once_gives_its_steps_back(runner: StepRunner, told: Told) -> None:
    running = asyncio.create_task(run(runner, "hang", heartbeat_timeout=timedelta(seconds=9)))
    while not told.events:
        await asyncio.sleep(0)
    runner.stop_steps()

    with pytest.raises(WorkerStoppedError):
        await running
    assert isinstance(told.events[-1], StepFailed)


async def test_a_cancellation_by_the_engine_stays_one(runner: StepRunner, told: Told) -> None:
    found = environment("hang")
    running = asyncio.ensure_future(found.run(runner.run, []))
    while not told.events:
        await asyncio.sleep(0)
    found.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert [type(event) for event in told.events] == [StepStarted]
