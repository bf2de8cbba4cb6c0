"""Workflows that do what a terminal has to show: retry, go on as a new run, wait."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from output import Retry, continue_as_new, step, workflow


@step(retry=Retry(max_attempts=4, initial_interval=timedelta(seconds=1)))
def reach(marks: str) -> int:
    """Fail twice, then work; each attempt leaves a mark in a folder."""
    folder = Path(marks)
    attempt = len(list(folder.iterdir())) + 1
    (folder / str(attempt)).touch()
    if attempt < 3:
        raise ConnectionError("no route to the moon")
    return attempt


@step
def stay(seconds: float) -> float:
    """Take a while."""
    time.sleep(seconds)
    return seconds


@workflow
async def retrying(marks: str) -> int:
    """Reach something at the third attempt."""
    return await reach(marks)


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
