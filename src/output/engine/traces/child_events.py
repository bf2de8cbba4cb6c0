"""Events of children."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.api.enums.v1 import EventType as E
from temporalio.api.enums.v1 import ParentClosePolicy
from temporalio.api.history.v1 import HistoryEvent

from output.engine.payloads.json import memo_value
from output.engine.traces.handlers import Handle
from output.engine.traces.run_builder import ChildRun, RunTraceBuilder
from output.models.references import RunRef
from output.tracing.values import error_json


def _initiated(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    del at
    initiated = event.start_child_workflow_execution_initiated_event_attributes
    name = initiated.workflow_type.name
    open_node = builder.begin(event, f"child:{event.event_id}", "workflow", name, given=initiated.input)
    open_node.attributes["workflowId"] = initiated.workflow_id
    trace = memo_value(initiated.memo.fields, "trace")
    open_node.is_traced = trace is not None
    if initiated.parent_close_policy == ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON:
        open_node.attributes["detached"] = True
        if trace is not None:
            open_node.attributes["trace"] = trace


def _started(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    started = event.child_workflow_execution_started_event_attributes
    open_node = builder.open.get(started.initiated_event_id)
    if open_node is None:
        return
    execution = started.workflow_execution
    open_node.started_at = at
    open_node.attributes["runId"] = execution.run_id
    if open_node.attributes.get("detached"):
        # Started is all that the parent waits for; the rest is in the child's own trace.
        builder.close(started.initiated_event_id, at)
    elif open_node.is_traced:
        builder.children.append(ChildRun(open_node.place, RunRef(execution.workflow_id, execution.run_id)))


def _not_started(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    failed = event.start_child_workflow_execution_failed_event_attributes
    error = error_json("ChildNotStartedError", f"A workflow {failed.workflow_id!r} is running already.")
    builder.close(failed.initiated_event_id, at, error=error)


def _completed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    completed = event.child_workflow_execution_completed_event_attributes
    builder.close(completed.initiated_event_id, at, output=builder.values(completed.result, event))


def _failed(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    failed = event.child_workflow_execution_failed_event_attributes
    builder.close(failed.initiated_event_id, at, error=builder.failure(failed.failure))


def _canceled(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    canceled = event.child_workflow_execution_canceled_event_attributes
    builder.close(canceled.initiated_event_id, at, error=error_json("CancelledError", "The child was stopped."))


def _timed_out(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    timed_out = event.child_workflow_execution_timed_out_event_attributes
    builder.close(timed_out.initiated_event_id, at, error=error_json("TimeoutError", "The child did not end in time."))


def _terminated(builder: RunTraceBuilder, event: HistoryEvent, at: int) -> None:
    terminated = event.child_workflow_execution_terminated_event_attributes
    builder.close(terminated.initiated_event_id, at, error=error_json("TerminatedError", "The child was terminated."))


HANDLERS: Mapping[int, Handle] = {
    E.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: _initiated,
    E.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_FAILED: _not_started,
    E.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED: _started,
    E.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED: _completed,
    E.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED: _failed,
    E.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_CANCELED: _canceled,
    E.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TIMED_OUT: _timed_out,
    E.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TERMINATED: _terminated,
}
