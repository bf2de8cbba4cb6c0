"""Tasks that steps start on the worker's own event loop: what they raise must not end the worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar, cast

from output.authoring.step_context import running_step
from output.errors import text_of

T = TypeVar("T")


class StepTaskExitError(Exception):
    """A task that a step started raised what is no ordinary exception, such as by `sys.exit`."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(f"A task of the step raised {type(error).__name__}: {text_of(error)}")


def contain_tasks_of_steps(loop: asyncio.AbstractEventLoop) -> None:
    """Have every task that is created inside of a step fail by an ordinary exception."""

    def make(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T], **options: Any) -> asyncio.Task[T]:
        inside = running_step() is not None
        return asyncio.Task(_contain(work) if inside else work, loop=loop, **options)

    loop.set_task_factory(cast("Any", make))


async def _contain(work: Awaitable[T]) -> T:
    try:
        return await work
    except (Exception, asyncio.CancelledError, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 — all that is left would end the worker
        raise StepTaskExitError(error) from None
