"""Starting workflows of the contract's project in tests."""

from __future__ import annotations

import uuid

from httpx import AsyncClient
from pydantic import JsonValue

from output.models.runs import RunIds


def new_id(name: str) -> str:
    """A workflow ID that nobody else uses."""
    return f"{name}-{uuid.uuid4().hex[:12]}"


async def start(api: AsyncClient, name: str, value: JsonValue = None, *, workflow_id: str | None = None) -> RunIds:
    """Start a workflow; fails the test unless it is a 200."""
    body = {"workflowName": name, "input": value, "workflowId": workflow_id or new_id(name)}
    reply = await api.post("/workflow/start", json=body)
    assert reply.status_code == 200, reply.text
    return RunIds.model_validate(reply.json())
