"""Schedules: when a workflow is started by itself, and what came of it so far."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, WithJsonSchema, model_validator

from output.models.references import RunState
from output.models.runs import CatalogId, RunIds
from output.models.wire_model import Instant, WireModel

Overlap = Literal["skip", "buffer_one", "buffer_all", "cancel_other", "terminate_other", "allow_all"]

# The engine makes run IDs of a schedule's ID and a time, and takes 1,000 characters; ours end at 255.
ScheduleId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\u0000-\u001f\u007f]+$")]
_WORDS = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)\Z")
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST = timedelta(days=3650)
_HOW = "give milliseconds, or a duration such as 90s, 15m, 24h, 7d or PT1H30M"


def span_of(value: int | str) -> timedelta:
    """A span of time as the wire has it: ms, `15m`, `PT15M`. Raises ValueError."""
    if isinstance(value, int):
        seconds = value / 1000
    elif found := _WORDS.match(value.strip()):
        seconds = float(found[1]) * _UNITS[found[2]]
    elif (found := _ISO.match(value.strip())) and any(found.groups()):
        days, hours, minutes, rest = (float(part or 0) for part in found.groups())
        seconds = days * 86400 + hours * 3600 + minutes * 60 + rest
    else:
        raise ValueError(_HOW)
    if not 0 <= seconds <= _LONGEST.total_seconds():
        raise ValueError(f"give at most {_LONGEST.days} days")
    return timedelta(seconds=seconds)


def _span(value: object) -> object:
    if isinstance(value, timedelta):  # from Python
        return value // timedelta(milliseconds=1)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(_HOW)  # noqa: TRY004 — pydantic collects ValueErrors
    return value


def _check_span(value: int | str) -> int | str:
    span_of(value)
    return value


def _not_below_a_second(value: int | str) -> int | str:
    if span_of(value) < timedelta(seconds=1):
        raise ValueError("give a second or more: the engine's schedules count in seconds")
    return value


def _five_to_seven_fields(value: str) -> str:
    text = value.partition("#")[0].strip()
    text = re.sub(r"\A(?:CRON_TZ|TZ)=\S+\s+", "", text)
    if not text.startswith("@") and not 5 <= len(text.split()) <= 7:
        raise ValueError(
            "give minute, hour, day of month, month and day of week, such as `0 6 * * 1-5`, or a word such as `@daily`"
        )
    return value


def _no_number(value: object) -> object:
    is_number = isinstance(value, int | float) or (isinstance(value, str) and not value.strip().count("-"))
    if is_number:
        raise ValueError("give a time in ISO 8601, such as 2026-03-29T06:00:00Z")
    return value


def _in_utc(value: datetime) -> datetime:
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


# As it was given: whoever reads a schedule can write it back.
Span = Annotated[
    int | str,
    BeforeValidator(_span),
    AfterValidator(_check_span),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]}),
]
Cron = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_five_to_seven_fields)]
Moment = Annotated[Instant, BeforeValidator(_no_number), AfterValidator(_in_utc)]
Tag = Annotated[str, Field(min_length=1, max_length=64)]
Note = Annotated[str, Field(max_length=1000)]


def _text_of_number(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


CalendarField = Annotated[str, BeforeValidator(_text_of_number), Field(min_length=1, max_length=200)]


class CalendarTimes(WireModel):
    """Times by the calendar, each field as cron writes it: `9`, `1-5`, `*/15`, `mon-fri`; all fields must fit."""

    second: CalendarField = "0"
    minute: CalendarField = "0"
    hour: CalendarField = "0"
    day_of_month: CalendarField = "*"
    month: CalendarField = "*"
    year: CalendarField = "*"
    day_of_week: CalendarField = "*"


class ScheduleTimes(WireModel):
    """When a schedule starts a run, and what happens when the run before is not done; spans in ms or as `15m`."""

    cron: Cron | None = None
    every: Annotated[Span, AfterValidator(_not_below_a_second)] | None = None
    calendars: Annotated[list[CalendarTimes], Field(min_length=1, max_length=100)] | None = None
    timezone: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    start_at: Moment | None = None
    end_at: Moment | None = None
    jitter: Span | None = None
    overlap: Overlap = "skip"
    catchup_window: Span | None = None

    @model_validator(mode="after")
    def _one_kind_of_times(self) -> Self:
        kinds = [name for name in ("cron", "every", "calendars") if getattr(self, name) is not None]
        if len(kinds) != 1:
            has = f"has {' and '.join(kinds)}" if kinds else "has none"
            raise ValueError(f"give one of cron, every and calendars; this {has}")
        if self.start_at is not None and self.end_at is not None and self.end_at <= self.start_at:
            raise ValueError("endAt is not after startAt")
        return self


class ScheduleSpec(ScheduleTimes):
    """What a schedule is: what it starts, with what input, when."""

    workflow_name: Annotated[str, Field(min_length=1)]
    input: JsonValue = None
    catalog: CatalogId | None = None
    paused: bool = False
    note: Note | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] | None = None


class ScheduleRequest(ScheduleSpec):
    """A schedule to be made; without an `id` it gets one."""

    id: ScheduleId | None = None


class PublishedSchedule(ScheduleTimes):
    """A schedule as code declares it, in the entry of its workflow."""

    id: ScheduleId
    input: JsonValue = None
    paused: bool = False
    note: Note | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] | None = None


class ScheduledRun(RunIds):
    """A run that a schedule has started, and where it stands."""

    scheduled_at: Instant
    status: RunState


class ScheduleDescription(ScheduleSpec):
    """A schedule as it stands: its next ten times, and its latest runs, the last one last.

    `declared` says that code declares it: it changes with the deployment that does.
    """

    id: str
    declared: bool = False
    next: list[Instant]
    recent: list[ScheduledRun]


class SchedulePage(WireModel):
    """One page of a listing."""

    schedules: list[ScheduleDescription]
    count: int
    next_page_token: str | None


class NoteRequest(WireModel):
    """Why a schedule is paused or goes on."""

    note: Note | None = None


class TriggerRequest(WireModel):
    """What happens when the run before is not done; without it, what the schedule says."""

    overlap: Overlap | None = None


class BackfillRequest(WireModel):
    """Times that have passed, both included, whose runs are to be started now."""

    start_at: Moment
    end_at: Moment
    overlap: Overlap = "buffer_all"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end_at < self.start_at:
            raise ValueError("endAt is before startAt")
        return self
