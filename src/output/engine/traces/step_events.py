"""Events of steps."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.api.enums.v1 import EventType as E
from temporalio.api.history.v1 import HistoryEvent

from output.engine.payloads.json import memo_value
from output.engine.traces.handlers import Handle
from output.engine.traces.run_builder import RunStory
from output.engine.traces.webhooks import WEBHOOK
from output.tracing.values import error_json

STEP_KIND_HEADER = "output-kind"  # set by the worker for what is no plain step
# Steps that come with the framework; no project may use their names.
BUILT_IN_KINDS = {"send_http_request": "http", "await_webhook": WEBHOOK}


def _scheduled(story: RunStory, event: HistoryEvent, at: int) -> None:
    del at
    scheduled = event.activity_task_scheduled_event_attributes
    name = scheduled.activity_type.name
    kind = memo_value(scheduled.header.fields, STEP_KIND_HEADER)
    if not isinstance(kind, str):
        kind = BUILT_IN_KINDS.get(name.rpartition("#")[2], "step")
    draft = story.begin(event, scheduled.activity_id, kind, name, given=scheduled.input)
    draft.activity_id = scheduled.activity_id
    if kind == WEBHOOK:
        story.webhooks.begin(event.event_id, scheduled.input)


def _started(story: RunStory, event: HistoryEvent, at: int) -> None:
    started = event.activity_task_started_event_attributes
    draft = story.open.get(started.scheduled_event_id)
    if draft is None:
        return
    draft.started_at, draft.attempt = at, max(1, started.attempt)
    if draft.attempt == 1 and at > draft.begun_at:
        draft.attributes["queuedMs"] = at - draft.begun_at
    if started.HasField("last_failure"):
        draft.last_failure = story.failure(started.last_failure)


def _completed(story: RunStory, event: HistoryEvent, at: int) -> None:
    completed = event.activity_task_completed_event_attributes
    draft = story.open.get(completed.scheduled_event_id)
    if draft is not None and draft.kind == WEBHOOK and not story.webhooks.posted(completed.scheduled_event_id):
        draft.attributes["postedAt"] = at  # and now the wait goes on
        return
    story.close(completed.scheduled_event_id, at, output=story.values(completed.result, event))


def _failed(story: RunStory, event: HistoryEvent, at: int) -> None:
    failed = event.activity_task_failed_event_attributes
    story.close(failed.scheduled_event_id, at, error=story.failure(failed.failure))


def _timed_out(story: RunStory, event: HistoryEvent, at: int) -> None:
    timed_out = event.activity_task_timed_out_event_attributes
    story.close(timed_out.scheduled_event_id, at, error=story.failure(timed_out.failure))


def _canceled(story: RunStory, event: HistoryEvent, at: int) -> None:
    canceled = event.activity_task_canceled_event_attributes
    story.close(canceled.scheduled_event_id, at, error=error_json("CancelledError", "The step was cancelled."))


HANDLERS: Mapping[int, Handle] = {
    E.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: _scheduled,
    E.EVENT_TYPE_ACTIVITY_TASK_STARTED: _started,
    E.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: _completed,
    E.EVENT_TYPE_ACTIVITY_TASK_FAILED: _failed,
    E.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: _timed_out,
    E.EVENT_TYPE_ACTIVITY_TASK_CANCELED: _canceled,
}
