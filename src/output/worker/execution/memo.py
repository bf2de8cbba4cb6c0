"""What a run's memo says of its trace, told from workflow code: no activity, and at most one event."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue
from temporalio import workflow

from output.engine.runs import memo_of
from output.models.runs import TraceLocations
from output.models.waits import MEMO_KEY as WAITS
from output.tracing.locations import TraceTarget, trace_locations


def complete_memo(target: TraceTarget, *, is_traced: bool) -> None:
    """Complete the memo of the run whose code is running, where nobody did it at the start.

    Whether it is done depends on the run alone, never on settings: a replay under other settings must do the same.
    """
    memo, info = workflow.memo(), workflow.info()
    # Continued as new: the memo is a copy, and so names the trace of the run before.
    inherits = info.continued_run_id is not None and bool(memo.get("trace"))
    # What the run before waited for is no question of this one.
    stale = {WAITS: None} if info.continued_run_id is not None and memo.get(WAITS) else {}
    if "payloadVersion" in memo and not inherits:
        if stale:
            workflow.upsert_memo(stale)
        return
    locations: TraceLocations | None = None
    if is_traced:
        locations = trace_locations(
            target,
            workflow=info.workflow_type,
            workflow_id=info.workflow_id,
            started_at=info.start_time,
            run_id=info.run_id if info.continued_run_id is not None else None,
        )
    updated = memo_of(locations)
    if inherits and locations is None:
        updated["trace"] = None  # takes the entry away
    workflow.upsert_memo(updated | stale)


def show_waits(records: Mapping[str, JsonValue]) -> None:
    """Tell what the run waits for from people: whoever describes or lists it can read it, without a worker."""
    workflow.upsert_memo({WAITS: dict(records) or None})


def child_trace(
    target: TraceTarget, *, workflow_name: str, workflow_id: str, is_traced: bool, is_detached: bool
) -> TraceLocations | None:
    """What goes into a child's memo: its own locations, none at all, or empty ones: nested in its parent's trace."""
    if not is_traced:
        return None
    if is_detached or workflow.memo().get("trace") is None:
        return trace_locations(target, workflow=workflow_name, workflow_id=workflow_id, started_at=workflow.now())
    return TraceLocations()
