"""Spans and times of schedules, as they are written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from output.models.schedules import BackfillRequest, ScheduleSpec, span_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (1500, timedelta(seconds=1.5)),
        ("500ms", timedelta(milliseconds=500)),
        ("90s", timedelta(seconds=90)),
        ("1.5h", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("PT1H30M", timedelta(minutes=90)),
        ("P1DT0.5S", timedelta(days=1, milliseconds=500)),
    ],
)
def test_a_span_is_milliseconds_or_a_text(written: int | str, meant: timedelta) -> None:
    assert span_of(written) == meant


@pytest.mark.parametrize("written", ["", "soon", "PT", "P", "1w", "-5m", "1h30m", -1, 10**15, "99999d"])
def test_what_is_no_span_is_refused(written: int | str) -> None:
    with pytest.raises(ValueError, match="give"):
        span_of(written)


@pytest.mark.parametrize(
    "cron", ["0 6 * * *", "0 6 * * 1-5 2027", "0 0 6 * * 1-5 2027", "@daily", "CRON_TZ=UTC 0 6 * * *"]
)
def test_a_cron_expression_has_five_to_seven_fields_or_is_a_word(cron: str) -> None:
    assert ScheduleSpec(workflow_name="w", cron=cron).cron == cron


def test_a_time_without_a_zone_is_utc() -> None:
    spec = ScheduleSpec.model_validate({"workflowName": "w", "every": "1h", "startAt": "2026-03-06T10:30:00"})

    assert spec.model_dump(mode="json", by_alias=True)["startAt"] == "2026-03-06T10:30:00.000Z"


def test_a_backfill_goes_forward() -> None:
    with pytest.raises(ValidationError, match="endAt is before startAt"):
        BackfillRequest.model_validate({"startAt": "2026-03-06T10:30:00Z", "endAt": "2026-03-06T10:29:00Z"})
