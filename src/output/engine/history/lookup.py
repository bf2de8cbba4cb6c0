"""One event of a run's history by its ID."""

from __future__ import annotations

from temporalio.api.history.v1 import HistoryEvent

from output.engine.history.reader import HistoryReader
from output.errors import NotFoundError
from output.models.references import RunRef


async def find_event(reader: HistoryReader, run: RunRef, event_id: int) -> HistoryEvent:
    """The event of that ID; pages on the way to it are read once and kept for who asks next.

    The engine has no random access. Raises WorkflowNotFoundError, NotFoundError, EngineNotAvailableError.
    """
    pinned = await reader.pin(run)
    length = pinned.summary.history_length
    token = b""
    while event_id <= length:
        page = await reader.read(pinned.ref, token, known=event_id)
        if page.last_id >= event_id:
            return page.events[page.index_after(event_id - 1)]
        if not page.next_token:
            break
        token = page.next_token
    raise NotFoundError(
        f"Workflow {pinned.ref} has no event {event_id}; its history has {length} by now.", run=pinned.ref
    )
