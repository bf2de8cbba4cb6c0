"""Events of quick steps: one marker tells of a whole step."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import EventType as E
from temporalio.api.history.v1 import HistoryEvent

from output.engine.payloads.quick_steps import QuickMarker, read_marker
from output.engine.traces.approvals import APPROVAL, TOKEN, ask
from output.engine.traces.handlers import Handle
from output.engine.traces.run_builder import OpenNode, RunTraceBuilder
from output.tracing.values import capture_json, error_json


def _recorded(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    marker = read_marker(event.marker_recorded_event_attributes)
    if marker is None:
        return
    step = marker.activity_type.rpartition("#")[2]
    if step == TOKEN:
        return
    if step == APPROVAL and marker.pause is None:
        ask(builder, event, marker)
        return
    open_node = builder.paused.pop(marker.activity_id, None) or _begin(builder, event, marker)
    record = marker.record
    open_node.attempt = marker.attempt
    if record is not None:
        open_node.started_at, at = record.started_at, record.ended_at
        if open_node.input is None and record.input is not None:
            open_node.input = capture_json(record.input, whole=builder.whole(event))
    if marker.pause is not None:
        open_node.last_failure = None if marker.failure is None else builder.failure(marker.failure)
        builder.paused[marker.activity_id] = open_node
        builder.retry_pauses += 1
        return
    output = None if marker.result is None else builder.values(Payloads(payloads=[marker.result]), event)
    error = None if marker.failure is None else builder.failure(marker.failure)
    if output is None and error is None:
        error = error_json("CancelledError", "The step was cancelled.")
    builder.end(open_node, at, output=output, error=error)


def _begin(builder: RunTraceBuilder, event: HistoryEvent, marker: QuickMarker) -> OpenNode:
    kind = "step" if marker.record is None else marker.record.kind
    open_node = builder.begin(
        event, marker.activity_id, kind, marker.activity_type, given=Payloads(), at=marker.scheduled_at
    )
    open_node.activity_id = marker.activity_id
    open_node.attributes["quick"] = True
    del builder.open[event.event_id]  # its end is told by a marker too, not by an event that names this one
    return open_node


HANDLERS: Mapping[int, Handle] = {E.EVENT_TYPE_MARKER_RECORDED: _recorded}
