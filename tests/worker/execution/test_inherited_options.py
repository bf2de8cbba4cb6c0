"""Options travel to children as JSON and come back the same."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from output import ActivityOptions, Retry
from output.worker.execution.inherited_options import dump_options, load_options

SECOND = timedelta(seconds=1)
CASES = [
    ActivityOptions(),
    ActivityOptions(timeout=SECOND * 90, heartbeat_timeout=timedelta(milliseconds=1500)),
    ActivityOptions(schedule_to_close=timedelta(days=2), schedule_to_start=SECOND, priority=2, summary="first"),
    ActivityOptions(cancellation="abandon", retry=Retry(max_attempts=0)),
    ActivityOptions(retry=Retry(initial_interval=SECOND, max_interval=SECOND * 9, backoff_coefficient=1.5)),
    ActivityOptions(retry=Retry(non_retryable=("KeyError", "app.Closed"))),
]


@pytest.mark.parametrize("options", CASES)
def test_options_come_back_as_they_were(options: ActivityOptions) -> None:
    sent = json.loads(json.dumps(dump_options(options)))

    assert load_options(sent) == options


def test_exception_classes_travel_by_name() -> None:
    dumped = dump_options(ActivityOptions(retry=Retry(non_retryable=(LookupError, "app.Closed"))))

    assert dumped == {"retry": {"non_retryable": ["LookupError", "app.Closed"]}}


def test_what_is_not_given_takes_no_room() -> None:
    assert dump_options(ActivityOptions()) == {}


@pytest.mark.parametrize("value", [None, "text", 3, [1]])
def test_what_nobody_dumped_is_none(value: object) -> None:
    assert load_options(value) is None


def test_fields_of_a_newer_worker_are_passed_over() -> None:
    assert load_options({"timeout": 5, "newer": True}) == ActivityOptions(timeout=SECOND * 5)
