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
_original_start = threading.Thread.start
_original_submit = ThreadPoolExecutor.submit


def carry_into_threads() -> None:
    """Let threads and thread pools take the position over from the code that starts them; in this whole process.

    Python hands contexts on to tasks and `asyncio.to_thread`, not to bare threads and pools.
    """
    threading.Thread.start = _start
    ThreadPoolExecutor.submit = _submit  # type: ignore[method-assign]  # same signature


@wraps(_original_start)
def _start(self: threading.Thread) -> None:
    position = current_position()
    if position is not None:
        self.run = _carried(position, self.run)
    _original_start(self)


@wraps(_original_submit)
def _submit(self: ThreadPoolExecutor, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    position = current_position()
    if position is None:
        return _original_submit(self, fn, *args, **kwargs)
    # A thread that the pool starts now outlives this step: it must not take the position over for good.
    token = enter(None)
    try:
        return _original_submit(self, _carried(position, fn), *args, **kwargs)
    finally:
        leave(token)


def _carried(position: Position, function: Callable[P, R]) -> Callable[P, R]:
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        token = enter(position)
        try:
            return function(*args, **kwargs)
        finally:
            leave(token)

    return run
