"""How options of steps are merged, from the defaults to the step's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.api.history.v1 import ActivityTaskScheduledEventAttributes

from output import ActivityOptions, Retry, step, workflow
from output.authoring.options import DEFAULTS, merge
from output.testing import start_environment
from output.worker.execution.inherited_options import dump_options, load_options


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@step(timeout=minutes(9))
async def own_first(number: int) -> int:
    return number


@workflow(
    activity_options=ActivityOptions(timeout=minutes(3), heartbeat_timeout=minutes(3), schedule_to_start=minutes(3))
)
async def options_child(number: int) -> int:
    call = own_first.with_options(
        timeout=minutes(2),
        heartbeat_timeout=minutes(2),
        retry=Retry(max_attempts=2),
        summary="a line",
        cancellation="wait_completed",
    )
    return await call(number)


@workflow(
    activity_options=ActivityOptions(
        timeout=minutes(4),
        heartbeat_timeout=minutes(4),
        schedule_to_start=minutes(4),
        schedule_to_close=minutes(40),
        priority=4,
        retry=Retry(max_attempts=4, max_interval=minutes(4), non_retryable=(KeyError, "Gone")),
    )
)
async def options_parent() -> int:
    return await options_child.with_options(workflow_id="options-child")(3)


async def test_the_stronger_value_wins_each_by_itself(engine_address: str) -> None:
    async with start_environment(workflows=[options_parent], address=engine_address) as environment:
        assert await environment.run(options_parent) == 3
        history = await environment.engine.client.get_workflow_handle("options-child").fetch_history()

    found: ActivityTaskScheduledEventAttributes = next(
        event.activity_task_scheduled_event_attributes
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    )
    assert found.start_to_close_timeout.seconds == 540, "the step's own"
    assert found.heartbeat_timeout.seconds == 120, "the call's"
    assert found.schedule_to_start_timeout.seconds == 180, "the workflow's"
    assert found.schedule_to_close_timeout.seconds == 2400, "the parent's"
    assert found.retry_policy.maximum_attempts == 2, "the call's"
    assert found.retry_policy.maximum_interval.seconds == 240, "the parent's"
    assert list(found.retry_policy.non_retryable_error_types) == ["KeyError", "Gone"], "the parent's"
    assert found.retry_policy.initial_interval.seconds == 10, "the default"
    assert found.priority.priority_key == 4, "the parent's"


def test_options_survive_the_way_to_a_child() -> None:
    options = ActivityOptions(
        timeout=timedelta(seconds=1.5), priority=2, summary="s", cancellation="abandon", retry=Retry(max_attempts=0)
    )

    assert load_options(dump_options(options)) == options
    assert load_options(dump_options(ActivityOptions())) == ActivityOptions()
    assert load_options(None) is None


def test_zero_attempts_win_over_a_weaker_number() -> None:
    merged = merge(DEFAULTS, ActivityOptions(retry=Retry(max_attempts=0)))

    assert merged.retry is not None
    assert merged.retry.max_attempts == 0


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: ActivityOptions(priority=9), "priority is 9"),
        (lambda: ActivityOptions(timeout=timedelta()), "give a positive timedelta"),
        (lambda: Retry(max_attempts=-1), "max_attempts is -1"),
        (lambda: Retry(backoff_coefficient=0.5), "backoff_coefficient is 0.5"),
    ],
)
def test_options_that_make_no_sense_are_refused(build: object, told: str) -> None:
    assert callable(build)
    with pytest.raises(ValueError, match=told):
        build()


@step(retry=Retry(initial_interval=minutes(10)))
async def patient(number: int) -> int:
    return number


@workflow
async def patience() -> int:
    return await patient(3)


async def test_a_first_pause_above_the_default_longest_one_is_taken_at_its_word(engine_address: str) -> None:
    workflow_id = "options-patience"
    async with start_environment(workflows=[patience], address=engine_address) as environment:
        assert await environment.run(patience.with_options(workflow_id=workflow_id)) == 3
        history = await environment.engine.client.get_workflow_handle(workflow_id).fetch_history()

    found: ActivityTaskScheduledEventAttributes = next(
        event.activity_task_scheduled_event_attributes
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    )
    policy = found.retry_policy
    assert policy.initial_interval.ToTimedelta() == policy.maximum_interval.ToTimedelta() == minutes(10)
