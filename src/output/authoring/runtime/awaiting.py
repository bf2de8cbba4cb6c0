"""Marks async functions of ours whose forgotten `await` a run notices."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from output.authoring.runtime.protocol import current_runtime

P = ParamSpec("P")
R = TypeVar("R")
MARK = "__output_must_be_awaited__"


def must_be_awaited(function: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Have a run notice when it calls an async function of ours and does not await it."""
    what = f"`{function.__name__}(...)`"

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R]:
        return expect(function(*args, **kwargs), what)

    setattr(call, MARK, True)
    return call


def expect(work: Coroutine[Any, Any, R], what: str) -> Coroutine[Any, Any, R]:
    """`Calls.expect` of the run whose code is running, if there is one."""
    runtime = current_runtime()
    return work if runtime is None else runtime.calls.expect(work, what)
