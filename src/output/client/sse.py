"""Server-Sent Events as they come off the wire."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event; without an `id:` line the last known ID stays."""

    name: str
    data: str
    id: str | None


async def parse_events(lines: AsyncIterator[str]) -> AsyncGenerator[ServerSentEvent, None]:
    """Events of a stream's lines; comments are dropped, and so is an event that the stream's end cut off."""
    name, event_id = "message", None
    data: list[str] = []
    async for line in lines:
        if not line:
            if data:
                yield ServerSentEvent(name, "\n".join(data), event_id)
            name, event_id, data = "message", None, []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            event_id = value
