"""Schedules that code declares, beside the workflow that they start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

import pydantic
from pydantic_core import to_jsonable_python

from output.models.schedules import CalendarTimes, Overlap, PublishedSchedule


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a workflow is started by itself: `@workflow(schedule=Schedule(...))`.

    One of `cron`, `every` and `calendars` says when; `timezone` (such as Europe/Berlin, else UTC) says by whose clocks,
    `overlap` what happens while the run before goes on. `input` is the workflow's, as JSON or as its model. The worker
    that publishes the catalog makes, changes and removes the schedule; `id` defaults to the workflow's name. Raises
    ValueError and TypeError for what does not fit.

    Example:
        @workflow(schedule=Schedule(cron="0 6 * * 1-5", timezone="Europe/Berlin", input=21))
        async def every_morning(number: int) -> int:
            return await double(number)

        assert await every_morning(21) == 42
    """

    cron: str | None = None
    every: timedelta | None = None
    calendars: Sequence[CalendarTimes] = ()
    timezone: str | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    jitter: timedelta | None = None
    overlap: Overlap = "skip"
    catchup_window: timedelta | None = None
    input: object = None
    id: str | None = None
    paused: bool = False
    note: str | None = None
    tags: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("every", "jitter", "catchup_window"):
            value: object = getattr(self, name)
            if value is not None and not isinstance(value, timedelta):
                raise TypeError(f"{name} is {value!r}; give a timedelta, such as timedelta(hours=1).")
        if self.overlap not in get_args(Overlap):
            raise ValueError(f"overlap is {self.overlap!r}; give one of {', '.join(get_args(Overlap))}.")
        if isinstance(self.tags, str):
            raise TypeError(f"tags is {self.tags!r}; give a list, such as [{self.tags!r}].")
        self.published("unnamed")

    def published(self, workflow: str) -> PublishedSchedule:
        """The schedule as the catalog has it. Raises ValueError for what does not fit."""
        values = {
            "id": self.id or workflow,
            "cron": self.cron,
            "every": self.every,
            "calendars": list(self.calendars) or None,
            "timezone": self.timezone,
            "start_at": self.start_at,
            "end_at": self.end_at,
            "jitter": self.jitter,
            "overlap": self.overlap,
            "catchup_window": self.catchup_window,
            "input": to_jsonable_python(self.input, by_alias=True, bytes_mode="base64"),
            "paused": self.paused,
            "note": self.note,
            "tags": list(self.tags) or None,
        }
        try:
            return PublishedSchedule.model_validate(values)
        except pydantic.ValidationError as error:
            detail = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in detail["loc"])
            message = detail["msg"].removeprefix("Value error, ")
            raise ValueError(f"Schedule: {place}: {message}." if place else f"Schedule: {message}.") from None
