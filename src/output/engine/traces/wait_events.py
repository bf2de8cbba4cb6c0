"""Events that explain time spent outside of steps: timers, signals, updates."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import EventType as E
from temporalio.api.history.v1 import HistoryEvent

from output.engine.traces.approvals import take_answer
from output.engine.traces.handlers import Handle
from output.engine.traces.run_builder import RunTraceBuilder
from output.engine.traces.webhooks import feedback_payload, feedback_token
from output.models.messages import FEEDBACK_SIGNAL
from output.tracing.values import capture, error_json


def _timer_started(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del at
    timer = event.timer_started_event_attributes
    if builder.webhooks.bounded(event.event_id, timer.workflow_task_completed_event_id):
        return
    if builder.retry_pauses:
        builder.retry_pauses -= 1  # the pause before another attempt of a quick step
        return
    open_node = builder.begin(event, f"timer:{timer.timer_id}", "timer", "sleep", given=Payloads())
    open_node.attributes["seconds"] = timer.start_to_fire_timeout.ToTimedelta().total_seconds()


def _timer_fired(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    timer = event.timer_fired_event_attributes.started_event_id
    wait = builder.webhooks.ran_out(timer)
    if wait is not None:
        builder.close(wait.scheduled_id, at, error=error_json("WebhookTimeoutError", "No feedback came in time."))
    builder.close(timer, at)


def _timer_canceled(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del at
    # Its place stays empty: a time-out that did not strike explains nothing.
    builder.open.pop(event.timer_canceled_event_attributes.started_event_id, None)


def _signaled(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    signal = event.workflow_execution_signaled_event_attributes
    if signal.signal_name == FEEDBACK_SIGNAL:
        if take_answer(builder, feedback_token(signal.input), feedback_payload(signal.input)):
            return
        wait = builder.webhooks.answered(signal.input)
        if wait is not None:
            if wait.is_posted:
                builder.close(wait.scheduled_id, at, output=capture(feedback_payload(signal.input)))
            return
    builder.begin(event, f"signal:{event.event_id}", "signal", signal.signal_name, given=signal.input)
    builder.close(event.event_id, at)


def _task_completed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del at
    builder.webhooks.task_completed(event.event_id)


def _update_accepted(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del at
    given = event.workflow_execution_update_accepted_event_attributes.accepted_request.input
    builder.begin(event, f"update:{event.event_id}", "update", given.name, given=given.args)


def _update_completed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    completed = event.workflow_execution_update_completed_event_attributes
    if completed.outcome.HasField("failure"):
        builder.close(completed.accepted_event_id, at, error=builder.failure(completed.outcome.failure))
    else:
        builder.close(completed.accepted_event_id, at, output=builder.values(completed.outcome.success, event))


HANDLERS: Mapping[int, Handle] = {
    E.EVENT_TYPE_WORKFLOW_TASK_COMPLETED: _task_completed,
    E.EVENT_TYPE_TIMER_STARTED: _timer_started,
    E.EVENT_TYPE_TIMER_FIRED: _timer_fired,
    E.EVENT_TYPE_TIMER_CANCELED: _timer_canceled,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: _signaled,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: _update_accepted,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED: _update_completed,
}
