"""Many jobs at once, each with its own ending."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, cast

from output.authoring.context import logger
from output.authoring.runtime.awaiting import must_be_awaited

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Done(Generic[T_co]):
    """A job that ended well; `index` is its place among the jobs."""

    index: int
    result: T_co
    ok: Literal[True] = True


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that raised."""

    index: int
    error: Exception
    ok: Literal[False] = False


Job = Awaitable[T] | Callable[[], Awaitable[T]]
Ending = Done[T] | Failed


@must_be_awaited
async def execute_in_parallel(
    jobs: Iterable[Job[T]],
    *,
    concurrency: int | None = None,
    on_completed: Callable[[Ending[T]], Awaitable[None] | None] | None = None,
) -> list[Ending[T]]:
    """Run jobs (calls of steps or children, or functions that make them) at most `concurrency` at a time.

    Endings come in the order of the jobs; no job's failure is raised or stops the others. `on_completed` is called
    with each ending as it comes; what it raises is logged. Raises ValueError for a concurrency below 1.

    Example:
        @workflow
        async def double_all(numbers: list[int]) -> list[int]:
            endings = await execute_in_parallel([double(number) for number in numbers], concurrency=2)
            return [ending.result for ending in endings if isinstance(ending, Done)]

        assert await double_all([1, 2, 3]) == [2, 4, 6]
    """
    if concurrency is not None and concurrency < 1:
        raise ValueError(f"concurrency is {concurrency}; give 1 or more, or None for no bound.")
    waiting = list(jobs)
    endings: list[Ending[T] | None] = [None] * len(waiting)
    queue = iter(enumerate(waiting))

    async def work(queue: Iterator[tuple[int, Job[T]]]) -> None:
        for index, job in queue:
            ending = endings[index] = await _run(index, job)
            await _report(on_completed, ending)

    workers = len(waiting) if concurrency is None else min(concurrency, len(waiting))
    try:
        await asyncio.gather(*(work(queue) for _ in range(workers)))
    finally:
        for _, job in queue:  # cancelled: what has not begun is not awaited any more
            if inspect.iscoroutine(job):
                cast("Coroutine[object, object, object]", job).close()
    return [ending for ending in endings if ending is not None]


async def _run(index: int, job: Job[T]) -> Ending[T]:
    try:
        if isinstance(job, Awaitable):
            return Done(index, await cast("Awaitable[T]", job))
        return Done(index, await job())
    except Exception as error:  # noqa: BLE001 — the job's own, handed to the caller
        return Failed(index, error)


async def _report(on_completed: Callable[[Ending[T]], Awaitable[None] | None] | None, ending: Ending[T]) -> None:
    if on_completed is None:
        return
    try:
        told = on_completed(ending)
        if told is not None:
            await told
    except Exception:  # noqa: BLE001 — the author's, logged with its traceback
        logger.exception("on_completed failed for job %d", ending.index)
