"""Workflows that do what a terminal has to show: retry, go on as a new run, wait."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from output import Retry, continue_as_new, step, workflow

Words = TypeAliasType("Words", "str | list[Words]")


@step(retry=Retry(max_attempts=60, initial_interval=timedelta(seconds=1), backoff_coefficient=1))
def reach(gate: str) -> str:
    """Fail until a file is there."""
    if not Path(gate).exists():
        raise ConnectionError("no route to the moon")
    return "reached"


@step
def stay(seconds: float) -> float:
    """Take a while."""
    time.sleep(seconds)
    return seconds


@workflow
async def retrying(gate: str) -> str:
    """Reach something, as soon as somebody opens the gate."""
    return await reach(gate)


@workflow
async def waiting(seconds: float = 60) -> float:
    """Wait for a step, which nobody hurries."""
    return await stay(seconds)


@workflow
async def broad(words: list[str]) -> list[str]:
    """Give back what was given, 名前 and all, at whatever length a narrow window would cut this line to."""
    await asyncio.sleep(0)
    return words


@workflow
async def lapping(left: int) -> str:
    """Go on as a new run, so many times."""
    if left > 0:
        continue_as_new(left - 1)
    return "arrived"


class Branch(TypedDict):
    """A part with an optional field of its own type."""

    note: Annotated[str, Field(examples=["it's $HOME; `who`"])]
    inner: NotRequired["Branch"]


@workflow
async def nested(branch: Branch, words: Words) -> str:
    """Give back a note that a shell must not read."""
    return branch["note"]
