"""Events of the run itself: how it began, ended, and is linked with others."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.api.enums.v1 import EventType as E
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent, WorkflowExecutionStartedEventAttributes

from output.engine.payloads.json import memo_value
from output.engine.traces.approvals import take_memo
from output.engine.traces.handlers import Handle
from output.engine.traces.run_builder import RunTraceBuilder
from output.models.traces import CONTINUED_AS_NEW
from output.tracing.values import capture, error_json


def _started(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    started = event.workflow_execution_started_event_attributes
    facts = builder.facts
    facts.name, facts.started_at = started.workflow_type.name, at
    facts.input = builder.values(started.input, event)
    facts.trace = memo_value(started.memo.fields, "trace")
    facts.original_run_id = started.original_execution_run_id or builder.run_id
    facts.attributes |= _origin(builder, started)


def _origin(builder: RunTraceBuilder, started: WorkflowExecutionStartedEventAttributes) -> Mapping[str, object]:
    attributes: dict[str, object] = {"taskQueue": started.task_queue.name}
    if started.HasField("parent_workflow_execution"):
        parent = started.parent_workflow_execution
        attributes["parent"] = {"workflowId": parent.workflow_id, "runId": parent.run_id}
    if started.continued_execution_run_id:
        attributes["continuedFrom"] = {
            "workflowId": builder.run.workflow_id,
            "runId": started.continued_execution_run_id,
        }
    if started.attempt > 1:
        attributes["attempt"] = started.attempt
    return attributes


def _properties_modified(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    take_memo(builder, event, at)
    memo = event.workflow_properties_modified_event_attributes.upserted_memo
    if "trace" in memo.fields:
        builder.facts.trace = memo_value(memo.fields, "trace")


def _completed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    completed = event.workflow_execution_completed_event_attributes
    builder.facts.end(at, "completed", output=builder.values(completed.result, event))
    _follow(builder, completed.new_execution_run_id)


def _failed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    failed = event.workflow_execution_failed_event_attributes
    builder.facts.end(at, "failed", error=builder.failure(failed.failure))
    _follow(builder, failed.new_execution_run_id)


def _timed_out(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    message = "The workflow did not end within its execution timeout."
    builder.facts.end(at, "timed_out", error=error_json("TimeoutError", message))
    _follow(builder, event.workflow_execution_timed_out_event_attributes.new_execution_run_id)


def _terminated(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    reason = event.workflow_execution_terminated_event_attributes.reason
    builder.facts.end(at, "terminated", error=error_json("TerminatedError", reason or "The workflow was terminated."))


def _canceled(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del event
    builder.facts.end(at, "canceled", error=error_json("CancelledError", "The workflow was stopped."))


def _continued(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    builder.facts.end(at, "continued_as_new", output=capture(CONTINUED_AS_NEW))
    _follow(builder, event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id)


def _follow(builder: RunTraceBuilder, run_id: str) -> None:
    if run_id:
        builder.facts.successor = run_id
        builder.facts.attributes["continuedTo"] = {"workflowId": builder.run.workflow_id, "runId": run_id}


def _cancel_requested(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del event
    builder.facts.attributes["cancelRequestedAt"] = at


def _task_failed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del at
    failed = event.workflow_task_failed_event_attributes
    if failed.cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW:
        # All so far was done by the run that was reset, and its steps were recorded under that run's ID.
        builder.inherited[failed.base_run_id] = frozenset(builder.positions)
        builder.facts.attributes["resetFrom"] = {"workflowId": builder.run.workflow_id, "runId": failed.base_run_id}


HANDLERS: Mapping[int, Handle] = {
    E.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: _started,
    E.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED: _properties_modified,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: _completed,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: _failed,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: _timed_out,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: _terminated,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: _canceled,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: _continued,
    E.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED: _cancel_requested,
    E.EVENT_TYPE_WORKFLOW_TASK_FAILED: _task_failed,
}
