"""Workflow code that replays, and looks as if it might not."""

import asyncio
import logging
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, field_validator

from output import workflow

from .steps import measure, read_source

log = logging.getLogger(__name__)


class Reading(BaseModel):
    """What was measured."""

    values: dict[str, float]
    at: datetime

    @field_validator("at")
    @classmethod
    def in_utc(cls, at: datetime) -> datetime:
        return at.astimezone(UTC)


@dataclass
class Outcome:
    readings: list[Reading]
    size: int
    trace: str


@workflow
async def allowed(start: datetime) -> Outcome:
    """Log, validate, compute dates, format a traceback, run steps side by side."""
    log.warning("started at %s", start)
    berlin = start.astimezone(ZoneInfo("Europe/Berlin"))
    async with asyncio.timeout(60):
        measured = await asyncio.gather(*(measure(name) for name in ("a", "bb")))
    await asyncio.sleep(0.01)
    readings = [Reading(values=values, at=berlin + timedelta(days=n)) for n, values in enumerate(measured)]
    lines = ""
    try:
        datetime.fromisoformat("for its lines")
    except ValueError:
        lines = traceback.format_exc()
        log.exception("with a traceback")
    from .late import size_of

    return Outcome(readings=readings, size=size_of(await read_source("steps.py")), trace=lines)
