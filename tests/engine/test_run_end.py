"""A run's last event tells how it ended, what came of it, and what goes on in its place."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType, WorkflowExecutionStatus
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import WorkflowExecutionInfo

from output.engine.connection import Engine
from output.engine.descriptions import locations_of, state_of
from output.engine.failures import FailureConverter
from output.engine.payloads.carrier import ValueCarrier
from output.engine.payloads.converter import build_data_converter
from output.engine.run_end import is_terminal, read_end, successor_of
from output.models.references import RunRef

CONVERTER = build_data_converter()
# All that is asked of an engine here is how its payloads are read.
ENGINE = cast("Engine", SimpleNamespace(data_converter=CONVERTER, values=ValueCarrier(CONVERTER)))
RUN = RunRef("w", "r")
ENDS = {
    "COMPLETED": "completed",
    "FAILED": "failed",
    "CANCELED": "canceled",
    "TERMINATED": "terminated",
    "TIMED_OUT": "timed_out",
    "CONTINUED_AS_NEW": "continued_as_new",
}


def last_event(name: str) -> HistoryEvent:
    event = HistoryEvent(event_id=9, event_type=EventType.Value(f"EVENT_TYPE_WORKFLOW_EXECUTION_{name}"))
    getattr(event, f"workflow_execution_{name.lower()}_event_attributes").SetInParent()
    return event


@pytest.mark.parametrize(("name", "state"), ENDS.items())
async def test_each_last_event_has_its_state(name: str, state: str) -> None:
    event = last_event(name)

    assert is_terminal(event)
    assert (await read_end(ENGINE, RUN, event)).state == state


@pytest.mark.parametrize("name", ["WORKFLOW_EXECUTION_STARTED", "TIMER_FIRED", "WORKFLOW_TASK_COMPLETED"])
def test_other_events_are_not_the_last(name: str) -> None:
    assert not is_terminal(HistoryEvent(event_type=EventType.Value(f"EVENT_TYPE_{name}")))


async def test_a_completed_run_has_its_output() -> None:
    event = last_event("COMPLETED")
    event.workflow_execution_completed_event_attributes.result.payloads.add(
        metadata={"encoding": b"json/plain"}, data=b'{"total":3}'
    )
    end = await read_end(ENGINE, RUN, event)

    assert (end.output, end.error, end.successor) == ({"total": 3}, None, None)


async def test_a_failed_run_has_the_original_error() -> None:
    event = last_event("FAILED")
    failure = event.workflow_execution_failed_event_attributes.failure
    FailureConverter().to_failure(LookupError("no such product"), CONVERTER.payload_converter, failure)
    end = await read_end(ENGINE, RUN, event)

    assert end.error is not None
    assert (end.error.name, end.error.message) == ("LookupError", "no such product")


@pytest.mark.parametrize(
    ("name", "reason", "error", "message"),
    [
        ("CANCELED", "", "CancelledError", "The workflow was stopped."),
        ("TERMINATED", "", "TerminatedError", "The workflow was terminated."),
        ("TERMINATED", "too costly", "TerminatedError", "too costly"),
        ("TIMED_OUT", "", "TimeoutError", "The workflow did not end within its execution timeout."),
    ],
)
async def test_an_end_without_an_exception_has_an_error_all_the_same(
    name: str, reason: str, error: str, message: str
) -> None:
    event = last_event(name)
    if reason:
        event.workflow_execution_terminated_event_attributes.reason = reason
    end = await read_end(ENGINE, RUN, event)

    assert end.error is not None
    assert (end.error.name, end.error.message, end.output) == (error, message, None)


@pytest.mark.parametrize("name", ["COMPLETED", "FAILED", "TIMED_OUT", "CONTINUED_AS_NEW"])
def test_the_run_that_follows_is_named_by_the_event(name: str) -> None:
    event = last_event(name)
    assert successor_of(event) is None
    getattr(event, f"workflow_execution_{name.lower()}_event_attributes").new_execution_run_id = "next"
    assert successor_of(event) == "next"


def test_what_is_neither_closed_nor_known_is_running() -> None:
    paused = WorkflowExecutionInfo(status=WorkflowExecutionStatus.ValueType(99))
    closed = WorkflowExecutionInfo(status=WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT)

    assert [state_of(each) for each in (WorkflowExecutionInfo(), paused, closed)] == ["running", "running", "timed_out"]


def described(
    *, first: str = "", trace: bytes | None = b'{"local":"/p/logs/runs/order/1_w.json"}'
) -> WorkflowExecutionInfo:
    info = WorkflowExecutionInfo(first_run_id=first)
    info.execution.run_id = "0199-aaaa-bbbbccccdddd"
    if trace is not None:
        info.memo.fields["trace"].CopyFrom(Payload(metadata={"encoding": b"json/plain"}, data=trace))
    return info


def test_a_reset_run_lies_beside_the_trace_of_the_run_that_it_replaces() -> None:
    first, reset = locations_of(described(), ENGINE), locations_of(described(first="0199-other"), ENGINE)

    assert first is not None
    assert reset is not None
    assert first.local == "/p/logs/runs/order/1_w.json"
    assert reset.local == "/p/logs/runs/order/1_w~~bbbbccccdddd.json"


@pytest.mark.parametrize("trace", [None, b"null", b'"text"', b"[]"])
def test_a_memo_without_locations_has_none(trace: bytes | None) -> None:
    assert locations_of(described(trace=trace), ENGINE) is None
