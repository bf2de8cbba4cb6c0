"""How a run's history ends, and what follows it."""

from __future__ import annotations

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from output.engine.history.events import event_type_name
from output.engine.history.reader import HistoryReader, PinnedRun
from output.engine.run_end import successor_of
from output.errors import WorkflowNotFoundError
from output.models.history import StreamDone


async def end_of(reader: HistoryReader, run: PinnedRun, event: HistoryEvent) -> StreamDone:
    """The end that a run's last event tells of; for a terminated run the engine is asked whether a reset followed.

    Raises EngineNotAvailableError.
    """
    return StreamDone(reason=event_type_name(event.event_type), new_run_id=await _successor(reader, run, event))


async def _successor(reader: HistoryReader, run: PinnedRun, event: HistoryEvent) -> str | None:
    if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED:
        if run.is_closed:
            return run.followed_by
        try:
            return (await reader.pin(run.ref)).followed_by
        except WorkflowNotFoundError:
            return None
    return successor_of(event)
