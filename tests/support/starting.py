"""Starting workflows of the contract's project in tests, and waiting for what the engine shows late."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable

from httpx import AsyncClient
from pydantic import JsonValue

from output.models.runs import RunIds

PATIENCE = 20.0  # seconds; a bound, never a pace


def new_id(name: str) -> str:
    """A workflow ID that nobody else uses."""
    return f"{name}-{uuid.uuid4().hex[:12]}"


async def start(api: AsyncClient, name: str, value: JsonValue = None, *, workflow_id: str | None = None) -> RunIds:
    """Start a workflow; fails the test unless it is a 200."""
    body = {"workflowName": name, "input": value, "workflowId": workflow_id or new_id(name)}
    reply = await api.post("/workflow/start", json=body)
    assert reply.status_code == 200, reply.text
    return RunIds.model_validate(reply.json())


async def eventually(look: Callable[[], Awaitable[bool]], what: str) -> None:
    """Look again and again until it is true."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not await look():
        assert loop.time() < deadline, f"{what} did not happen within {PATIENCE} s"
        await asyncio.sleep(0.05)
