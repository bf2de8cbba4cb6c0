"""Quick steps in every way in which they end."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from output import BooleanEvaluation, Retry, current_step, evaluator, step, trace, workflow


@step(quick=True)
async def add(first: int, second: int = 1) -> int:
    with trace.span("internal_step", "adding"):
        return first + second


@step(quick=True)
def shout(text: str) -> str:
    """A plain function: it runs on a thread."""
    return text.upper()


@evaluator(quick=True)
async def is_long(text: str) -> BooleanEvaluation:
    return BooleanEvaluation(value=len(text) > 3, confidence=1)


@step
async def ordinary(number: int) -> int:
    return number * 10


@step(quick=True, retry=Retry(max_attempts=3, initial_interval=timedelta(milliseconds=20)))
async def stumble(text: str) -> str:
    if current_step().attempt < 3:
        raise ConnectionError(f"attempt {current_step().attempt}")
    current_step().heartbeat("means nothing here")
    return text


@step(quick=True, retry=Retry(max_attempts=2, initial_interval=timedelta(seconds=1.5)))
async def wait_long(text: str) -> str:
    if current_step().attempt < 2:
        raise ConnectionError(text)
    return text


@step(quick=True, retry=Retry(max_attempts=2, initial_interval=timedelta(milliseconds=10)))
async def refuse(text: str) -> str:
    raise LookupError(text)


@step(quick=True, timeout=timedelta(seconds=1), retry=Retry(max_attempts=1))
async def linger() -> None:
    await asyncio.sleep(60)


@step(quick=True)
def note(path: Path, line: str) -> None:
    with path.open("a") as ledger:
        ledger.write(f"{line}\n")


@step(quick=True, timeout=timedelta(seconds=10))
def note_and_hold(path: Path, gate: Path, line: str) -> None:
    with path.open("a") as ledger:
        ledger.write(f"{line}\n")
    deadline = time.monotonic() + 9
    while not gate.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


@step
async def book(path: Path, line: str) -> None:
    with path.open("a") as ledger:
        ledger.write(f"{line}\n")


@workflow
async def quick_sum(numbers: list[int]) -> int:
    total = 0
    for number in numbers:
        total = await add(total, second=number)
    return await ordinary(total)


@workflow
async def quick_texts(text: str) -> dict[str, object]:
    loud, judged = await asyncio.gather(shout(text), is_long(text))
    return {"loud": loud, "long": judged.value, "stumbled": await stumble(text), "waited": await wait_long(text)}


@workflow
async def quick_refusal(text: str) -> str:
    return await refuse(text)


@workflow
async def quick_lingering() -> None:
    await linger()


@workflow
async def quick_time_out() -> str:
    try:
        async with asyncio.timeout(1):
            await wait_long.with_options(retry=Retry(initial_interval=timedelta(seconds=60)))("never")
    except TimeoutError:
        return "stopped waiting"
    return "waited"


@workflow
async def quick_ledger(path: Path, gate: Path) -> str:
    await note(path, "recorded")
    await book(path, "booked")
    await note(path, "same task")
    await note_and_hold(path, gate, "held")
    return "done"
