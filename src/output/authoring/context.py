"""What workflow code asks about itself: its run, time, chance, pauses, and a logger."""

from __future__ import annotations

import asyncio
import logging
import random as stdlib_random
import time
import uuid
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from output.authoring.runtime.awaiting import must_be_awaited
from output.authoring.runtime.protocol import NextRun, WorkflowRun, WorkflowRuntime, current_runtime
from output.authoring.step_context import running_step
from output.errors import FatalError

_POLL_SECONDS = 0.005


def current_run() -> WorkflowRun:
    """The run whose code is running; raises FatalError outside of a workflow.

    Example:
        @workflow
        async def who() -> str:
            return current_run().workflow_id

        assert await who()
    """
    return _require("current_run()").run


def now() -> datetime:
    """The time in UTC: in a workflow that of its current task, the same on replay; anywhere else the clock's.

    Example:
        @workflow
        async def stamp() -> str:
            return now().isoformat()

        assert (await stamp()).endswith("+00:00")
    """
    runtime = current_runtime()
    return datetime.now(UTC) if runtime is None else runtime.now()


def random() -> stdlib_random.Random:
    """A source of chance, in a workflow one that replays: `random().choice(names)`.

    Example:
        @workflow
        async def pick(names: list[str]) -> str:
            return random().choice(names)

        assert await pick(["Ann", "Kim"]) in {"Ann", "Kim"}
    """
    runtime = current_runtime()
    return stdlib_random.Random() if runtime is None else runtime.random()


def uuid4() -> uuid.UUID:
    """A random UUID, in a workflow one that replays.

    Example:
        @workflow
        async def make_key() -> str:
            return str(uuid4())

        assert len(await make_key()) == 36
    """
    runtime = current_runtime()
    return uuid.uuid4() if runtime is None else runtime.uuid4()


@must_be_awaited
async def sleep(duration: timedelta | float) -> None:
    """Pause; in a workflow a durable timer, for seconds or for months. A number is seconds.

    Example:
        @workflow
        async def rest() -> str:
            await sleep(timedelta(milliseconds=5))
            return "rested"

        assert await rest() == "rested"
    """
    pause = duration if isinstance(duration, timedelta) else timedelta(seconds=duration)
    runtime = current_runtime()
    if runtime is None:
        await asyncio.sleep(pause.total_seconds())
    else:
        await runtime.sleep(pause)


@must_be_awaited
async def wait_for(predicate: Callable[[], bool], *, timeout: timedelta | None = None) -> None:
    """Wait until `predicate` holds; it is asked whenever something happened in the workflow.

    Raises TimeoutError when it does not hold in time.

    Example:
        @workflow
        async def waits() -> bool:
            seen: list[str] = []
            try:
                await wait_for(lambda: bool(seen), timeout=timedelta(milliseconds=5))
            except TimeoutError:
                return False
            return True

        assert await waits() is False
    """
    runtime = current_runtime()
    if runtime is None:
        await poll(predicate, timeout)
    else:
        await runtime.wait_for(predicate, timeout)


async def poll(predicate: Callable[[], bool], timeout: timedelta | None) -> None:
    """`wait_for` without an engine: asks again after a few turns of the loop."""
    deadline = None if timeout is None else time.monotonic() + timeout.total_seconds()
    turns = 0
    while not predicate():
        if deadline is not None and time.monotonic() >= deadline:
            raise TimeoutError("What was waited for did not happen in time.")
        turns += 1
        await asyncio.sleep(0 if turns < 100 else _POLL_SECONDS)


def continue_as_new(*args: object, **kwargs: object) -> NoReturn:
    """Go on as a new run of this workflow with new input and an empty history; nothing after it runs.

    The arguments are parsed like those of a call: ValidationError, TypeError. `<workflow>.continue_as_new(...)` is
    the same, checked by the type checker too.

    Example:
        @workflow
        async def count_down(left: int) -> str:
            if left > 0:
                continue_as_new(left - 1)
            return "arrived"

        assert await count_down(3) == "arrived"
    """
    runtime = _require("continue_as_new()")
    runtime.continue_as_new(NextRun(runtime.run.workflow, runtime.dump_input(args, kwargs)))


def continue_as_new_suggested() -> bool:
    """Whether the history has grown so long that the engine would have the run continue as new."""
    runtime = current_runtime()
    return runtime is not None and runtime.is_continue_as_new_suggested


class AuthorLogger(logging.LoggerAdapter[logging.Logger]):
    """Logs with the IDs of the run and the step; silent while a workflow replays."""

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 — the standard library's name
        runtime = current_runtime()
        return (runtime is None or not runtime.is_replaying) and super().isEnabledFor(level)

    def process(self, msg: object, kwargs: MutableMapping[str, object]) -> tuple[object, MutableMapping[str, object]]:
        given = kwargs.get("extra")
        kwargs["extra"] = {**_ids(), **(given if isinstance(given, dict) else {})}
        return msg, kwargs


logger = AuthorLogger(logging.getLogger("output.author"), {})


def _ids() -> dict[str, object]:
    runtime = current_runtime()
    if runtime is not None:
        run = runtime.run
        return {"workflow": run.workflow, "workflow_id": run.workflow_id, "run_id": run.run_id}
    step = running_step()
    if step is None:
        return {}
    return {
        "step": step.step,
        "workflow_id": step.workflow_id,
        "run_id": step.run_id,
        "attempt": step.attempt,
    }


def _require(what: str) -> WorkflowRuntime:
    runtime = current_runtime()
    if runtime is None:
        raise FatalError(f"{what} belongs in workflow code; in a step use `current_step()`.")
    return runtime
