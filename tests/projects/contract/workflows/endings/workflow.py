"""Workflows that end in every way."""

import asyncio
from datetime import timedelta

from output import wait_for, workflow

from .steps import break_or_not, clean_up, give_bad_json, give_much, lose


class TooFarError(Exception):
    """Somebody went too far."""


@workflow
async def overweight() -> str:
    """Its step's result is over the engine's limit."""
    return await give_much()


@workflow
async def heavy_end(size: int) -> str:
    """Its own result may be over the engine's limit."""
    return "x" * size


@workflow
async def no_json() -> object:
    """Its step's result has no JSON form."""
    return await give_bad_json()


@workflow
async def too_far(how_far: int) -> None:
    """Raises an exception of its own in workflow code."""
    raise TooFarError(f"{how_far} is too far")


@workflow
async def lost() -> None:
    """A step of it fails."""
    await lose()


@workflow
async def endless() -> None:
    """Waits until it is stopped."""
    await wait_for(lambda: False)


@workflow
async def tidy(folder: str) -> str:
    """Cleans up when it is stopped, and ends as stopped."""
    try:
        await wait_for(lambda: False)
    except asyncio.CancelledError:
        await clean_up(folder)
        raise
    return "never"


@workflow
async def stubborn(folder: str) -> str:
    """Cleans up when it is stopped, and ends as it pleases."""
    try:
        await wait_for(lambda: False)
    except asyncio.CancelledError:
        await clean_up(folder)
    return "as it pleases"


@workflow
async def countdown(left: int) -> int:
    """Continues as new until nothing is left."""
    if left > 0:
        countdown.continue_as_new(left - 1)
    return left


@workflow(timeout=timedelta(seconds=1))
async def short_lived() -> None:
    """Lives for a second."""
    await wait_for(lambda: False)


@workflow
async def pause(milliseconds: int) -> str:
    """Ends after a while."""
    await asyncio.sleep(milliseconds / 1000)
    return "rested"


@workflow
async def family(children: int) -> list[str]:
    """Has children."""
    return list(await asyncio.gather(*(pause(each) for each in range(children))))


@workflow
async def fragile(folder: str) -> str:
    """Fails in its first step until something is mended."""
    return await break_or_not(folder)
