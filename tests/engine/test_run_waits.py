"""An end that the engine's long poll misses is found by asking: none is told late, and none as if it had not come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from temporalio.api.workflowservice.v1 import (
    GetWorkflowExecutionHistoryRequest,
    GetWorkflowExecutionHistoryResponse,
)

from output import signal, wait_for, workflow
from output.engine import run_waits
from output.engine.connection import Engine
from output.engine.run_end import RunEnd
from output.engine.run_waits import wait_for_end, wait_for_exactly
from output.models.references import RunRef
from output.testing import Environment, start_environment


@workflow
class Gate:
    """Waits to be opened, `rounds` times."""

    def __init__(self) -> None:
        self.is_open = False

    async def run(self, rounds: int) -> str:
        await wait_for(lambda: self.is_open)
        if rounds > 1:
            Gate.continue_as_new(rounds - 1)
        return "open"

    @signal
    def open(self) -> None:
        self.is_open = True


class DeafService:
    """The engine's service, whose long polls never answer."""

    def __init__(self, engine: Engine) -> None:
        self._service = engine.client.workflow_service
        self.polls = 0

    async def get_workflow_execution_history(
        self, request: GetWorkflowExecutionHistoryRequest, *, retry: bool = False
    ) -> GetWorkflowExecutionHistoryResponse:
        if request.wait_new_event:
            self.polls += 1
            await asyncio.Event().wait()
        return await self._service.get_workflow_execution_history(request, retry=retry)

    def __getattr__(self, name: str) -> object:
        return getattr(self._service, name)


def deaf(engine: Engine) -> Engine:
    client = SimpleNamespace(namespace=engine.namespace, workflow_service=DeafService(engine))
    return cast(
        "Engine",
        SimpleNamespace(
            client=client, namespace=engine.namespace, data_converter=engine.data_converter, values=engine.values
        ),
    )


@pytest.fixture(scope="module")
async def environment(engine_address: str) -> AsyncGenerator[Environment]:
    async with start_environment(workflows=[Gate], address=engine_address) as environment:
        yield environment


async def opened(environment: Environment, rounds: int = 1) -> RunRef:
    run = await environment.start(Gate, rounds)
    await run.signal("open")
    return RunRef(run.workflow_id, run.handle.result_run_id)


async def test_a_missed_end_is_found_while_the_poll_goes_on(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_waits, "ASK_AFTER", (0.0, 0.05, 0.1, *[0.1] * 100))
    run = await opened(environment)

    end = await wait_for_end(deaf(environment.engine), run)

    assert (end.state, end.output) == ("completed", "open")


@pytest.mark.parametrize("wait", [wait_for_end, wait_for_exactly])
async def test_before_an_end_is_told_as_missing_it_is_asked_for(
    environment: Environment, wait: Callable[..., Awaitable[RunEnd]]
) -> None:
    run = await opened(environment)
    await environment.engine.client.get_workflow_handle(run.workflow_id).result()

    end = await wait(deaf(environment.engine), run, within=timedelta(milliseconds=1))

    assert end.state == "completed"


async def test_an_open_run_is_told_as_such_after_the_time(environment: Environment) -> None:
    run = await environment.start(Gate, 1)

    with pytest.raises(TimeoutError):
        await wait_for_end(environment.engine, RunRef(run.workflow_id), within=timedelta(milliseconds=20))
    await run.signal("open")


async def test_the_wait_follows_the_runs_that_go_on_in_its_place(environment: Environment) -> None:
    run = await environment.start(Gate, 2)
    first = RunRef(run.workflow_id, run.handle.result_run_id)
    waiting = asyncio.ensure_future(wait_for_end(environment.engine, first))
    await run.signal("open")
    assert (await wait_for_exactly(environment.engine, first)).state == "continued_as_new"
    await environment.engine.client.get_workflow_handle(run.workflow_id).signal("open")

    end = await waiting

    assert (end.state, end.run.run_id != first.run_id) == ("completed", True)
