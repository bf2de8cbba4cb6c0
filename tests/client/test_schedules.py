"""Schedules through the client, typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue

from output.client import CalendarTimes, Client, ScheduleSpec
from output.errors import ScheduleAlreadyExistsError, ScheduleNotFoundError, ValidationError
from tests.support.starting import new_id

ORDER: JsonValue = {"lines": [{"product": "coffee", "quantity": 2}]}
BEGIN = datetime(2090, 1, 1, tzinfo=UTC)


async def test_a_schedule_is_made_changed_and_removed(client: Client) -> None:
    schedule_id = new_id("client")
    spec = ScheduleSpec(workflow_name="price_order", input=ORDER, cron="0 6 * * *", start_at=BEGIN)
    made = await client.schedules.create(spec, schedule_id=schedule_id)
    with pytest.raises(ScheduleAlreadyExistsError) as taken:
        await client.schedules.create(spec, schedule_id=schedule_id)
    weekly = ScheduleSpec(
        workflow_name="price_order",
        input=ORDER,
        calendars=[CalendarTimes(day_of_week="mon", hour="9")],
        start_at=BEGIN,
    )
    changed = await client.schedules.replace(schedule_id, weekly)
    paused = await client.schedules.pause(schedule_id, note="why not")
    resumed = await client.schedules.resume(schedule_id)
    await client.schedules.trigger(schedule_id, overlap="allow_all")
    await client.schedules.backfill(schedule_id, BEGIN, BEGIN + timedelta(days=1))
    read = await client.schedules.get(schedule_id)
    await client.schedules.delete(schedule_id)

    assert made.next[:2] == [BEGIN + timedelta(hours=6), BEGIN + timedelta(hours=30)]
    assert changed.next[0] == datetime(2090, 1, 2, 9, tzinfo=UTC)
    assert changed.calendars == weekly.calendars
    assert (paused.paused, resumed.paused, resumed.note, read.input) == (True, False, "why not", ORDER)
    assert taken.value.schedule_id == schedule_id
    with pytest.raises(ScheduleNotFoundError):
        await client.schedules.get(schedule_id)
    assert schedule_id not in [each.id async for each in client.schedules.each() if each.id == schedule_id]


async def test_an_input_that_does_not_fit_is_the_server_s_error(client: Client) -> None:
    spec = ScheduleSpec(workflow_name="price_order", input={"lines": "none"}, every="1h")
    with pytest.raises(ValidationError, match="lines"):
        await client.schedules.create(spec)
