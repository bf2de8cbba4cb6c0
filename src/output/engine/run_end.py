"""How a run ends: its last event, what came of it, and which run goes on in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from output.engine.connection import Engine
from output.engine.failures import read_failure
from output.engine.payloads.json import values_of
from output.models.references import RunRef, RunState
from output.models.runs import ErrorInfo

_END_STATES: Mapping[int, RunState] = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: "completed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: "failed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: "canceled",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: "terminated",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: "timed_out",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: "continued_as_new",
}


@dataclass(frozen=True)
class RunEnd:
    """How one run ended; `successor` is the run that goes on in its place, if any."""

    run: RunRef
    state: RunState
    output: JsonValue = None
    error: ErrorInfo | None = None
    successor: str | None = None


def is_terminal(event: HistoryEvent) -> bool:
    """Whether the event is a run's last."""
    return event.event_type in _END_STATES


def successor_of(event: HistoryEvent) -> str | None:
    """The run that a last event itself names as the next: by continue-as-new, a retry or a cron.

    A terminated run's event never names one, even if a reset has put a run in its place: `describe` knows that.
    """
    kind = event.WhichOneof("attributes")
    attributes = getattr(event, kind) if kind is not None else None
    successor: str = getattr(attributes, "new_execution_run_id", "")
    return successor or None


async def read_end(engine: Engine, run: RunRef, event: HistoryEvent) -> RunEnd:
    """The end that a run's last event tells of."""
    await engine.values.open(event)
    end = RunEnd(run, _END_STATES[event.event_type], successor=successor_of(event))
    match end.state:
        case "completed":
            completed = event.workflow_execution_completed_event_attributes
            return replace(end, output=values_of(completed.result))
        case "failed":
            failed = event.workflow_execution_failed_event_attributes
            error = read_failure(failed.failure, engine.data_converter.payload_converter)
            return replace(end, error=error)
        case "timed_out":
            error = ErrorInfo(name="TimeoutError", message="The workflow did not end within its execution timeout.")
            return replace(end, error=error)
        case "terminated":
            reason = event.workflow_execution_terminated_event_attributes.reason
            error = ErrorInfo(name="TerminatedError", message=reason or "The workflow was terminated.")
            return replace(end, error=error)
        case "canceled":
            return replace(end, error=ErrorInfo(name="CancelledError", message="The workflow was stopped."))
        case _:
            return end
