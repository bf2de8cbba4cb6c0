"""What `output dev` asks its own API server."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import cast

from output.dev.commands import Stack
from output.json_schema.resolve import Schema

_TIMEOUT = 5  # seconds
# Requests of this header are answered and not logged: whoever waits for the server would fill its log.
PROBE = {"X-Output-Probe": "1"}


@dataclass(frozen=True)
class CatalogEntry:
    """What a `curl` needs to know of a workflow; `path` is its file below the project."""

    # Not the model of the wire: importing pydantic would take a third of the start-up.
    name: str
    path: str
    input_schema: Schema | None


async def is_ready(stack: Stack) -> bool:
    """Whether the API server says that it reaches the engine."""
    status, _ = await asyncio.to_thread(_get, stack, "/ready")
    return status == 200


async def read_catalog(stack: Stack) -> list[CatalogEntry]:
    """The workflows that can be called; none when the server does not say."""
    status, body = await asyncio.to_thread(_get, stack, "/workflow/catalog")
    if status != 200:
        return []
    try:
        entries = cast("list[dict[str, object]]", json.loads(body)["workflows"])
        return [
            CatalogEntry(str(each["name"]), str(each["path"]), cast("Schema | None", each["inputSchema"]))
            for each in entries
        ]
    except (ValueError, KeyError, TypeError):
        return []


def _get(stack: Stack, path: str) -> tuple[int, bytes]:
    """Status and body; status 0 when nobody answers."""
    connection = HTTPConnection(stack.api_host, stack.api_port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path, headers=PROBE)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()
