"""Steps that leave a line in a file for every attempt, so that a test can count them."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

from output import Retry, step


@step
async def book(ledger: str, entry: str) -> str:
    """Append an entry."""
    await asyncio.to_thread(append, ledger, f"book {entry}")
    return entry


@step(
    heartbeat_timeout=timedelta(seconds=2),
    retry=Retry(initial_interval=timedelta(milliseconds=100), max_attempts=10),
)
async def hold(ledger: str, gate: str) -> int:
    """Wait until the gate file exists; the result is the process that got through."""
    await asyncio.to_thread(append, ledger, f"hold {os.getpid()}")
    while not await asyncio.to_thread(Path(gate).exists):
        await asyncio.sleep(0.02)
    return os.getpid()


def append(ledger: str, line: str) -> None:
    with Path(ledger).open("a") as file:
        file.write(line + "\n")
