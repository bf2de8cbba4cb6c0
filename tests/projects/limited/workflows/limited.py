"""Steps with limits, which write down when they begin and end."""

import asyncio
import os
import time
from datetime import timedelta
from pathlib import Path

from output import Rate, Retry, step, workflow


def note(file: str, what: str) -> None:
    with Path(file).open("a") as sink:
        sink.write(f"{what} {time.time():.4f} {os.getpid()}\n")


@step(concurrency=5, heartbeat_timeout=timedelta(seconds=3), retry=Retry(initial_interval=timedelta(seconds=1)))
async def work(file: str, seconds: float) -> None:
    note(file, "begin")
    await asyncio.sleep(seconds)
    note(file, "end")


@step(rate=Rate(10, per="second"))
async def tick(file: str) -> None:
    note(file, "begin")


def by_tenant(file: str, tenant: str) -> str:
    """The slots of one tenant."""
    del file
    return tenant


@step(concurrency=1, key=by_tenant)
async def serve(file: str, tenant: str) -> None:
    note(file, f"begin-{tenant}")
    await asyncio.sleep(0.3)
    note(file, f"end-{tenant}")


@workflow
async def works(file: str, count: int, seconds: float) -> None:
    await asyncio.gather(*(work(file, seconds) for _ in range(count)))


@workflow
async def ticks(file: str, count: int) -> None:
    await asyncio.gather(*(tick(file) for _ in range(count)))


@workflow
async def serves(file: str, tenants: list[str]) -> None:
    await asyncio.gather(*(serve(file, tenant) for tenant in tenants))
