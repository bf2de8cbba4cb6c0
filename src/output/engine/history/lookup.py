"""One event of a run's history by its ID."""

from __future__ import annotations

from temporalio.api.history.v1 import HistoryEvent

from output.engine.history.reader import HistoryReader
from output.engine.payloads.carrier import is_whole
from output.errors import NotFoundError
from output.models.references import RunRef


async def find_event(reader: HistoryReader, run: RunRef, event_id: int) -> HistoryEvent:
    """The event of that ID, its values whole; pages on the way to it are read once and kept for who asks next.

    The engine has no random access. Raises WorkflowNotFoundError, NotFoundError, EngineNotAvailableError,
    PayloadStoreNotAvailableError.
    """
    pinned = await reader.pin(run)
    length = pinned.summary.history_length
    token = b""
    while event_id <= length:
        page = await reader.read(pinned.ref, token, known=event_id)
        if page.last_id >= event_id:
            event = page.events[page.index_after(event_id - 1)]
            return event if is_whole(event) else await reader.read_whole(pinned.ref, token, event_id)
        if not page.next_token:
            break
        token = page.next_token
    raise NotFoundError(
        f"Workflow {pinned.ref} has no event {event_id}; its history has {length} by now.", run=pinned.ref
    )
