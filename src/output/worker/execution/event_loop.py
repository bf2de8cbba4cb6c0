"""The engine's event loop of one run, kept in order: sets replay alike, no exception ends a worker, nothing spins."""

from __future__ import annotations

import asyncio
from asyncio import (
    _get_running_loop as running_loop,  # pyright: ignore[reportPrivateUsage] — meant for runtimes; None on teardown
)
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from itertools import count
from time import perf_counter  # bound before workflow code's clocks are guarded: this one is the worker's
from typing import Any, TypeVar, cast
from uuid import UUID

from output.engine.failures import WorkflowCodeError
from output.errors import WorkflowLoopSpinsError

T = TypeVar("T")
SPINNING_SECONDS = 1.5  # the SDK's own detector steps in at 2 s, and leaves the thread spinning
_LOOK_EVERY = 512  # callbacks between two looks at the clock
_HASH_BITS = 60


class _Ordered:
    """Hashes by the order of creation in its run, and not by its address: sets of tasks replay as they were."""

    _order: int

    def __hash__(self) -> int:
        return self._order


class OrderedTask(_Ordered, asyncio.Task[T]):
    """A task of a run."""

    def __init__(
        self, work: Coroutine[Any, Any, T], *, order: int, loop: asyncio.AbstractEventLoop, context: Context | None
    ) -> None:
        self._order = order  # asyncio puts it into a set of its own at once
        super().__init__(work, loop=loop, context=context)


class OrderedFuture(_Ordered, asyncio.Future[T]):
    """A future of a run."""

    def __init__(self, *, order: int, loop: asyncio.AbstractEventLoop) -> None:
        self._order = order
        super().__init__(loop=loop)


class LoopOrder:
    """What is put in place of some of a loop's own methods, for as long as its run is in memory."""

    def __init__(self, loop: asyncio.AbstractEventLoop, run_id: str) -> None:
        self._loop = loop
        # Apart from run to run, as asyncio keeps all tasks of a process in one set; the same at each replay of a run.
        seed = UUID(run_id).int % (1 << _HASH_BITS)
        self._orders = count(seed)
        self._call_soon = loop.call_soon
        self._activate = cast("Callable[[object], object]", loop.activate)  # type: ignore[attr-defined]  # the SDK's
        self._register = cast("Callable[..., None]", loop._register_task)  # type: ignore[attr-defined]  # noqa: SLF001
        self._parked: list[tuple[Callable[..., object], tuple[object, ...], Context | None]] = []
        self._delivered: set[int] = set()
        self._began = perf_counter()
        self._calls = 0

    def install(self) -> None:
        """Take over; what the engine did before with the loop stays as it was."""
        replaced = {
            "create_task": self.create_task,
            "create_future": self.create_future,
            "call_soon": self.call_soon,
            "activate": self.activate,
        }
        for name, method in replaced.items():
            setattr(self._loop, name, method)

    def activate(self, activation: object) -> object:
        """Begin with what the engine has to tell; what was parked goes on first."""
        self._began, self._calls = perf_counter(), 0
        self._delivered.clear()
        parked, self._parked = self._parked, []
        for callback, args, context in parked:
            self._call_soon(callback, *args, context=context)
        return self._activate(activation)

    def create_task(
        self,
        work: Coroutine[Any, Any, T] | Generator[Any, None, T],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> asyncio.Task[T]:
        work_of_task = _Contained(cast("Coroutine[Any, Any, T]", work), self._loop)
        task = OrderedTask(work_of_task, order=next(self._orders), loop=self._loop, context=context)
        self._register(task, name=name)
        return task

    def create_future(self) -> asyncio.Future[Any]:
        return OrderedFuture[Any](order=next(self._orders), loop=self._loop)

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        if _is_anyio_cancellation(callback):
            # It asks again at each turn of the loop until the task has ended; a step ends with the engine's answer.
            scope = id(getattr(callback, "__self__", None))
            if scope in self._delivered:
                self._parked.append((callback, args, context))
                return asyncio.Handle(callback, args, self._loop, context)
            self._delivered.add(scope)
        self._calls += 1
        if self._calls % _LOOK_EVERY == 0 and perf_counter() - self._began > SPINNING_SECONDS:
            self._loop._current_activation_error = WorkflowLoopSpinsError()  # type: ignore[attr-defined]  # noqa: SLF001
        return self._call_soon(callback, *args, context=context)


class _Contained(Coroutine[Any, Any, T]):
    """A coroutine that raises nothing which would end the worker.

    Not another coroutine around it: that one would leave it behind, never awaited, if its task ended before it began.
    """

    __slots__ = ("_loop", "_work")

    def __init__(self, work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> None:
        self._work, self._loop = work, loop

    def send(self, value: Any, /) -> Any:
        try:
            return self._work.send(value)
        except BaseException as error:
            self._let_pass(error)
            raise

    def throw(self, *error: Any) -> Any:
        try:
            return self._work.throw(*error)
        except BaseException as raised:
            self._let_pass(raised)
            raise

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, T]:
        raise NotImplementedError("a task runs it")

    def _let_pass(self, error: BaseException) -> None:
        stopping = contained(error, self._loop)
        if stopping is not None:
            raise stopping from error


def contained(error: BaseException, loop: asyncio.AbstractEventLoop) -> WorkflowCodeError | None:
    """What ends the run instead of an exception that would end the worker; None for all that may pass."""
    if isinstance(error, Exception | asyncio.CancelledError) or type(error).__module__.startswith("temporalio."):
        return None
    if isinstance(error, GeneratorExit) and running_loop() is not loop:
        return None  # the run is put out of memory
    return WorkflowCodeError(error)


def _is_anyio_cancellation(callback: Callable[..., object]) -> bool:
    return getattr(callback, "__name__", "") == "_deliver_cancellation" and (
        getattr(callback, "__module__", None) or ""
    ).startswith("anyio.")
