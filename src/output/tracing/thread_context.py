"""Spans of threads that a step starts belong to the step."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import wraps
from typing import ParamSpec, TypeVar

from output.tracing.recorder import Position, current_position, enter, leave

P = ParamSpec("P")
R = TypeVar("R")
_MARK = "__output_carries__"


def carry_into_threads() -> None:
    """Let threads and thread pools take the position over from the code that starts them; in this whole process.

    Python hands contexts on to tasks and `asyncio.to_thread`, not to bare threads and pools.
    """
    if not hasattr(threading.Thread.start, _MARK):
        threading.Thread.start = _wrap_start(threading.Thread.start)  # type: ignore[method-assign,assignment]  # same signature
        ThreadPoolExecutor.submit = _wrap_submit(ThreadPoolExecutor.submit)


def _wrap_start(original: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    @wraps(original)
    def start(self: threading.Thread) -> None:
        position = current_position()
        if position is not None:
            self.run = _carried(position, self.run)
        original(self)

    setattr(start, _MARK, True)
    return start


def _wrap_submit(original: Callable[..., Future[R]]) -> Callable[..., Future[R]]:
    @wraps(original)
    def submit(self: ThreadPoolExecutor, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        position = current_position()
        if position is None:
            return original(self, fn, *args, **kwargs)
        # A thread that the pool starts now outlives this step: it must not take the position over for good.
        token = enter(None)
        try:
            return original(self, _carried(position, fn), *args, **kwargs)
        finally:
            leave(token)

    return submit


def _carried(position: Position, function: Callable[P, R]) -> Callable[P, R]:
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        token = enter(position)
        try:
            return function(*args, **kwargs)
        finally:
            leave(token)

    return run
