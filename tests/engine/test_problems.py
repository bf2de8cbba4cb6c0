"""What is wrong with a run, told from what the engine says of it."""

from __future__ import annotations

from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.converter import DefaultPayloadConverter

from output.engine.problems import describe_task_failure, limit_problem, step_problem

CAUSE = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
OTHER = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE


def task_failure(message: str, cause: WorkflowTaskFailedCause.ValueType, kind: str = "") -> HistoryEvent:
    event = HistoryEvent(event_id=9)
    event.event_time.FromMilliseconds(1_700_000_000_123)
    failed = event.workflow_task_failed_event_attributes
    failed.cause = cause
    failed.failure.message = message
    failed.failure.application_failure_info.type = kind
    return event


def step(attempt: int, *, failed: bool = True) -> PendingActivityInfo:
    info = PendingActivityInfo(activity_id=str(attempt), attempt=attempt)
    info.activity_type.name = "order#charge"
    if failed:
        info.last_failure.message = "card declined"
        info.last_failure.application_failure_info.type = "CardError"
    return info


def test_code_that_departs_names_both_steps_the_event_and_the_remedy() -> None:
    message = (
        "[TMPRL1100] Nondeterminism error: Activity type of scheduled event 'order#reserve' does not match activity "
        "type of activity command 'order#charge'"
    )

    problem = describe_task_failure(task_failure(message, CAUSE), attempts=4)

    assert (problem.kind, problem.step, problem.attempts, problem.since) == (
        "code_changed", "reserve", 4, 1_700_000_000_123
    )  # fmt: skip
    assert "it has step 'reserve', where the code wants step 'charge'" in problem.message
    assert "Start a worker with the code that began it" in problem.message


def test_another_departure_names_the_event_of_the_history() -> None:
    message = "[TMPRL1100] No command scheduled for event HistoryEvent(id: 11, TimerStarted)"

    assert "it has TimerStarted (event 11)" in describe_task_failure(task_failure(message, CAUSE), attempts=2).message


def test_any_other_failure_of_the_task_is_told_with_its_exception() -> None:
    problem = describe_task_failure(task_failure("the loop never idles", OTHER, "WorkflowLoopSpinsError"), attempts=2)

    assert problem.kind == "workflow_task_failing"
    assert problem.message.endswith("WorkflowLoopSpinsError: the loop never idles")


def test_a_step_is_failing_from_its_third_attempt_on() -> None:
    converter = DefaultPayloadConverter()

    assert step_problem([step(2), step(7, failed=False)], converter) is None
    problem = step_problem([step(3), step(5)], converter)
    assert problem is not None
    assert (problem.kind, problem.step, problem.attempts) == ("step_failing", "charge", 5)
    assert "CardError: card declined" in problem.message


def test_a_history_is_near_its_limit_from_half_of_it_on() -> None:
    assert limit_problem(25_599, 1_000) is None
    for events, size in ((25_600, 0), (1, 25 * 1024 * 1024)):
        problem = limit_problem(events, size)
        assert problem is not None
        assert problem.kind == "near_limit"
