"""Events of steps."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.api.enums.v1 import EventType as E
from temporalio.api.history.v1 import HistoryEvent

from output.engine.payloads.json import memo_value
from output.engine.traces.handlers import Handle
from output.engine.traces.run_builder import RunTraceBuilder
from output.engine.traces.webhooks import WEBHOOK
from output.models.references import BUILT_IN_STEPS
from output.tracing.values import error_json

STEP_KIND_HEADER = "output-kind"  # set by the worker for what is no plain step


def _scheduled(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del at
    scheduled = event.activity_task_scheduled_event_attributes
    name = scheduled.activity_type.name
    kind = memo_value(scheduled.header.fields, STEP_KIND_HEADER)
    if not isinstance(kind, str):
        kind = BUILT_IN_STEPS.get(name.rpartition("#")[2], "step")
    open_node = builder.begin(event, scheduled.activity_id, kind, name, given=scheduled.input)
    open_node.activity_id = scheduled.activity_id
    if kind == WEBHOOK:
        builder.webhooks.begin(event.event_id, scheduled.input)


def _started(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    started = event.activity_task_started_event_attributes
    open_node = builder.open.get(started.scheduled_event_id)
    if open_node is None:
        return
    open_node.started_at, open_node.attempt = at, max(1, started.attempt)
    if open_node.attempt == 1 and at > open_node.begun_at:
        open_node.attributes["queuedMs"] = at - open_node.begun_at
    if started.HasField("last_failure"):
        open_node.last_failure = builder.failure(started.last_failure)


def _completed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    completed = event.activity_task_completed_event_attributes
    open_node = builder.open.get(completed.scheduled_event_id)
    if (
        open_node is not None
        and open_node.kind == WEBHOOK
        and not builder.webhooks.posted(completed.scheduled_event_id)
    ):
        open_node.attributes["postedAt"] = at  # and now the wait goes on
        return
    builder.close(completed.scheduled_event_id, at, output=builder.values(completed.result, event))


def _failed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    failed = event.activity_task_failed_event_attributes
    builder.close(failed.scheduled_event_id, at, error=builder.failure(failed.failure))


def _timed_out(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    timed_out = event.activity_task_timed_out_event_attributes
    builder.close(timed_out.scheduled_event_id, at, error=builder.failure(timed_out.failure))


def _canceled(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    canceled = event.activity_task_canceled_event_attributes
    builder.close(canceled.scheduled_event_id, at, error=error_json("CancelledError", "The step was cancelled."))


HANDLERS: Mapping[int, Handle] = {
    E.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: _scheduled,
    E.EVENT_TYPE_ACTIVITY_TASK_STARTED: _started,
    E.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: _completed,
    E.EVENT_TYPE_ACTIVITY_TASK_FAILED: _failed,
    E.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: _timed_out,
    E.EVENT_TYPE_ACTIVITY_TASK_CANCELED: _canceled,
}
