"""The activity behind every step: finds it by type, parses, runs, heartbeats for the author."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

from temporalio import activity
from temporalio.common import RawValue

from output.engine.converter import Encoded, payload_json
from output.worker.registry import AnyStep, Registry
from output.worker.runtime import check_size

HEARTBEAT_INTERVAL = 2.0  # seconds; a cancellation reaches a step with the answer to a heartbeat


class StepRunner:
    """Runs the steps of a registry; plain functions run on a thread pool as wide as the worker's slots."""

    def __init__(self, registry: Registry, *, threads: int) -> None:
        self._registry = registry
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="step")

    async def run(self, values: Sequence[RawValue]) -> Encoded:
        """One attempt of the step that the activity's type names."""
        try:
            step = self._registry.find_step(activity.info().activity_type)
        except LookupError as error:
            raise UnknownStepError(str(error)) from None
        arguments = step.signature.parse_json(payload_json(values[0].payload) if values else b"null")
        call = partial(cast("Callable[..., object]", step.function), *arguments.args, **arguments.kwargs)
        async with _heartbeats():
            try:
                result = await self._call(step, call)
            except SystemExit as error:  # would end the whole worker
                raise StepExitError(step.name, error.code) from None
        data = step.signature.result.dump(step.signature.result.parse(result))
        return Encoded(check_size(data, f"The result of step {step.name!r}"))

    async def _call(self, step: AnyStep, call: Callable[[], object]) -> object:
        if step.is_async:
            return await cast("Awaitable[object]", call())
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, call)

    def close(self) -> None:
        """Let go of the threads; one that is still running is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class UnknownStepError(Exception):
    """The worker has no such step; tried again, another worker may have it."""


class StepExitError(Exception):
    """The step called `sys.exit`."""

    def __init__(self, step: str, code: object) -> None:
        super().__init__(f"Step {step!r} called sys.exit({code!r}); raise an exception instead.")


def activity_function(runner: StepRunner) -> Callable[[Sequence[RawValue]], Awaitable[Encoded]]:
    """The function that the engine's worker calls for every activity type."""

    async def run_step(values: Sequence[RawValue]) -> Encoded:
        return await runner.run(values)

    return activity.defn(dynamic=True)(run_step)


@asynccontextmanager
async def _heartbeats() -> AsyncGenerator[None]:
    """Heartbeat while the step runs, so that a dead worker is noticed and a cancellation arrives."""
    if activity.info().heartbeat_timeout is None:
        yield
        return
    beating = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating


async def _beat() -> None:
    timeout = activity.info().heartbeat_timeout
    interval = min(HEARTBEAT_INTERVAL, timeout.total_seconds() / 3) if timeout else HEARTBEAT_INTERVAL
    while True:
        await asyncio.sleep(interval)
        activity.heartbeat()
