"""A run's history: events in pages and as a stream."""

from __future__ import annotations

from pydantic import ConfigDict

from output.models.problems import Problem
from output.models.references import RunState
from output.models.runs import RunIds
from output.models.wire_model import Instant, WireModel


class HistoryRun(RunIds):
    """The run whose history is read; `history_length` counts its events."""

    status: RunState
    start_time: Instant
    close_time: Instant | None
    history_length: int
    task_queue: str


class HistoryEvent(WireModel):
    """One event; its attributes follow under `<type>EventAttributes`, as the engine has them."""

    model_config = ConfigDict(extra="allow")

    event_id: str
    event_type: int
    event_type_name: str
    event_time: Instant


class HistoryPage(WireModel):
    """A page of events; a token of None says that there are no more by now."""

    workflow: HistoryRun | None
    events: list[HistoryEvent]
    run_id: str
    next_page_token: str | None


class StreamOpened(HistoryRun):
    """The data of a stream's `workflow` event: the run that the stream is pinned to."""

    closed: bool
    problem: Problem | None = None


class StreamDone(WireModel):
    """The data of a stream's `done` event: the terminal event's type name, and the run that follows."""

    reason: str
    new_run_id: str | None = None


class StreamError(RunIds):
    """The data of a stream's `server_error` event."""

    error: str
    message: str
