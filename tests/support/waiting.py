"""Waiting for what other processes do: looked at again and again, always with a bound, which is never a pace."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")
SECONDS = 60.0  # machines under load take their time
PAUSE = 0.02


async def eventually(
    look: Callable[[], T] | Callable[[], Awaitable[T]], what: str = "what was waited for", *, seconds: float = SECONDS
) -> T:
    """The first true value of a look, which may be async; fails the test when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        value = cast("T", await seen if inspect.isawaitable(seen) else seen)
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        await asyncio.sleep(PAUSE)


def wait_until(look: Callable[[], T], what: str = "what was waited for", *, seconds: float = SECONDS) -> T:
    """The same for tests that are not async."""
    deadline = time.monotonic() + seconds
    while not (value := look()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(PAUSE)
    return value


async def text_in(file: Path, text: str, *, count: int = 1) -> None:
    """Wait until a log says something."""
    await eventually(lambda: file.read_text(errors="replace").count(text) >= count, f"{text!r} in {file.name}")


async def lines_in(file: Path, start: str, *, count: int = 1) -> None:
    """Wait until a file, which may not be there yet, has that many lines that start so."""
    await eventually(lambda: len(lines(file, start)) >= count, f"{count} of {start!r} in {file.name}")


def lines(file: Path, start: str) -> list[str]:
    """A file's lines that start so."""
    return [line for line in file.read_text().splitlines() if line.startswith(start)] if file.exists() else []
