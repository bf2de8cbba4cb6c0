"""Schedules are checked where they are written, and published as the API has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import BaseModel

from output import CalendarTimes, Schedule, workflow


class Order(BaseModel):
    lines: list[str]


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (Schedule, "give one of cron, every and calendars; this has none"),
        (lambda: Schedule(cron="0 6 * * *", every=timedelta(hours=1)), "this has cron and every"),
        (lambda: Schedule(cron="daily"), "cron: give minute, hour"),
        (lambda: Schedule(every=timedelta(milliseconds=10)), "every: give a second or more"),
        (lambda: Schedule(cron="0 6 * * *", overlap="never"), "overlap is 'never'; give one of skip"),  # type: ignore[arg-type]
        (lambda: Schedule(cron="0 6 * * *", tags=["x" * 65]), "tags.0"),
    ],
)
def test_what_does_not_fit_is_a_value_error(write: Callable[[], Schedule], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write()


@pytest.mark.parametrize(
    "write",
    [
        lambda: Schedule(every=60),  # type: ignore[arg-type]
        lambda: Schedule(every=timedelta(hours=1), jitter="5s"),  # type: ignore[arg-type]
        lambda: Schedule(cron="0 6 * * *", tags="nightly"),
        lambda: workflow(schedule="0 6 * * *"),  # type: ignore[call-overload]
        lambda: workflow(schedule=["0 6 * * *"]),  # type: ignore[list-item]
    ],
)
def test_a_value_of_another_type_is_a_type_error(write: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        write()


def test_it_is_published_with_its_workflow_s_name_and_its_input_as_json() -> None:
    schedule = Schedule(calendars=[CalendarTimes(hour="9")], jitter=timedelta(minutes=5), input=Order(lines=["tea"]))
    published = schedule.published("order").model_dump(mode="json", by_alias=True, exclude_none=True)

    assert (published["id"], published["input"], published["jitter"]) == ("order", {"lines": ["tea"]}, 300_000)
    assert published["calendars"][0]["hour"] == "9"


def test_a_workflow_has_none_one_or_several() -> None:
    morning, evening = Schedule(cron="0 6 * * *"), Schedule(cron="0 18 * * *", id="evening")

    async def greet() -> None: ...

    assert workflow(greet).schedules == ()
    assert workflow(schedule=morning)(greet).schedules == (morning,)
    assert workflow(schedule=[morning, evening])(greet).schedules == (morning, evening)
