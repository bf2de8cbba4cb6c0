"""Workflow code that reaches for what cannot be replayed; the guard fails each run."""

import asyncio
import time
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from pydantic import BaseModel, Field

from output import query, workflow


class Order(BaseModel):
    id: UUID = Field(default_factory=uuid4)


@workflow
async def reads_clock() -> float:
    return time.time()


@workflow
async def reads_file() -> str:
    return Path(__file__).read_text()


@workflow
async def fetches() -> int:
    return httpx.get("http://127.0.0.1:1/").status_code  # noqa: ASYNC210 — refused


@workflow
async def fetches_async() -> int:
    async with httpx.AsyncClient() as client:
        return (await client.get("http://127.0.0.1:1/")).status_code


@workflow
async def fetches_in_tasks() -> int:
    async with httpx.AsyncClient() as client:
        replies = await asyncio.gather(client.get("http://127.0.0.1:1/"), client.get("http://127.0.0.1:1/"))
        return len(replies)


@workflow
async def uses_thread() -> float:
    return await asyncio.to_thread(time.time)


@workflow
async def draws_in_model() -> str:
    return str(Order().id)


@workflow
async def draws_in_input(order: Order) -> str:
    return str(order.id)


@workflow
async def swears_it_is_fine() -> int:
    return datetime.now().year  # noqa: DTZ005  # output: allow


@workflow
class Asks:
    """Waits for a time in which a query can read the clock."""

    async def run(self) -> None:
        await asyncio.sleep(600)

    @query
    def what_time(self) -> int:
        return time.time_ns()
