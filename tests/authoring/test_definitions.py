"""Options and definitions are checked where they are written."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from output import ActivityOptions, Retry, step, workflow


async def do_nothing() -> None: ...


@workflow
async def quiet() -> None: ...


@pytest.mark.parametrize(
    "write",
    [
        lambda: step(timeout=30),  # type: ignore[call-overload]
        lambda: step(heartbeat_timeout="1m"),  # type: ignore[call-overload]
        lambda: step(retry=3),  # type: ignore[call-overload]
        lambda: step(retry=Retry(max_attempts="3")),  # type: ignore[arg-type]
        lambda: step(retry=Retry(max_attempts=True)),
        lambda: step(priority="high"),  # type: ignore[call-overload]
        lambda: ActivityOptions(summary=3),  # type: ignore[arg-type]
        lambda: workflow(timeout=60)(do_nothing),  # type: ignore[arg-type]
        lambda: workflow(aliases="short")(do_nothing),
        lambda: workflow(activity_options={"timeout": 3})(do_nothing),  # type: ignore[arg-type]
        lambda: quiet.with_options(timeout=5),  # type: ignore[arg-type]
        lambda: quiet.with_options(workflow_id=7),  # type: ignore[arg-type]
        lambda: step(functools.partial(do_nothing)),
    ],
)
def test_a_value_of_another_type_is_a_type_error(write: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match=r"; give|cannot be a step"):
        write()


@pytest.mark.parametrize(
    "write",
    [
        lambda: step(timeout=timedelta()),
        lambda: step(schedule_to_close=timedelta(seconds=-1)),
        lambda: step(cancellation="never"),  # type: ignore[arg-type]
        lambda: workflow(timeout=timedelta(seconds=-1))(do_nothing),
        lambda: quiet.with_options(timeout=timedelta()),
        lambda: quiet.with_options(workflow_id="x" * 256),
        lambda: quiet.with_options(workflow_id=""),
        lambda: quiet.with_options(workflow_id="a\nb"),
        lambda: quiet.with_options(workflow_id=".."),
    ],
)
def test_a_value_out_of_bounds_is_a_value_error(write: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r"; give"):
        write()


async def test_a_step_that_is_a_method_says_why_it_cannot_be() -> None:
    class Shop:
        @step
        async def price(self, number: int) -> int:
            return number

    with pytest.raises(TypeError, match=r"'price' is a method of .*Shop"):
        Shop().price(1)  # type: ignore[arg-type, call-arg]


async def test_what_a_plain_wrapper_returns_is_awaited() -> None:
    def logged(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: object, **kwargs: object) -> object:
            return function(*args, **kwargs)

        return wrapper

    @step
    @logged
    async def double(number: int) -> int:
        return number * 2

    assert await double(4) == 8
