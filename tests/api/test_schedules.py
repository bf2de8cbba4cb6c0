"""Schedules, row by row of the contract, on the engine's own schedules."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from httpx import AsyncClient
from pydantic import JsonValue
from temporalio.client import Client, Schedule, ScheduleActionStartWorkflow, ScheduleSpec

from output.models.schedules import ScheduleDescription, ScheduledRun
from tests.support.starting import new_id
from tests.support.waiting import eventually

BERLIN = ZoneInfo("Europe/Berlin")
FAR = {"workflowName": "mirror", "cron": "0 6 * * *", "startAt": "2090-01-01T00:00:00Z"}


@pytest.fixture
async def made(contract: AsyncClient) -> AsyncGenerator[list[str]]:
    """IDs of schedules that a test makes; they are removed when it ends."""
    ids: list[str] = []
    yield ids
    for schedule_id in ids:
        await contract.delete(f"/schedules/{schedule_id}")


async def make(contract: AsyncClient, made: list[str], **fields: JsonValue) -> dict[str, JsonValue]:
    response = await contract.post("/schedules", json={"id": new_id("schedule"), **FAR, **fields})
    assert response.status_code == 201, response.text
    made.append(response.json()["id"])
    return response.json()


def times(schedule: dict[str, JsonValue]) -> list[datetime]:
    return ScheduleDescription.model_validate(schedule).next


async def runs(contract: AsyncClient, schedule: dict[str, JsonValue]) -> list[ScheduledRun]:
    """The completed runs of a schedule, by its own account."""
    read = (await contract.get(f"/schedules/{schedule['id']}")).json()
    return [run for run in ScheduleDescription.model_validate(read).recent if run.status == "completed"]


def local_times(schedule: dict[str, JsonValue]) -> list[str]:
    """The next times as the clocks of Berlin show them."""
    return [time.astimezone(BERLIN).strftime("%m-%d %H:%M %Z") for time in times(schedule)]


def utc_hours(schedule: dict[str, JsonValue]) -> list[int]:
    return [time.hour for time in times(schedule)]


async def test_a_schedule_is_read_as_it_was_written_with_its_next_ten_times(
    contract: AsyncClient, made: list[str]
) -> None:
    written: dict[str, JsonValue] = {
        "id": new_id("nightly"),
        "workflowName": "mirror",
        "input": {"list": [1, None, 2**60]},
        "cron": "30 4 * * 1-5",
        "timezone": "Europe/Berlin",
        "startAt": "2090-01-01T00:00:00.000Z",
        "endAt": "2091-01-01T00:00:00.000Z",
        "jitter": "30s",
        "overlap": "buffer_one",
        "catchupWindow": 3_600_000,
        "paused": True,
        "note": "not before the new year",
        "tags": ["nightly", "billing"],
    }
    response = await contract.post("/schedules", json=written)
    made.append(str(written["id"]))
    read = (await contract.get(f"/schedules/{written['id']}")).json()

    assert (response.status_code, response.headers["location"]) == (201, f"/schedules/{written['id']}")
    assert response.json() == read
    assert {name: read[name] for name in written} == written
    assert (read["catalog"], read["declared"], read["recent"], len(read["next"])) == ("contract", False, [], 10)


async def test_a_schedule_without_an_id_gets_one_that_names_its_workflow(
    contract: AsyncClient, made: list[str]
) -> None:
    response = await contract.post("/schedules", json={**FAR, "workflowName": "looking_glass"})
    made.append(response.json()["id"])

    assert response.json()["id"].startswith("looking_glass-")
    assert response.json()["workflowName"] == "mirror"  # by its name, not by an alias


async def test_every_and_calendars_say_when_too(contract: AsyncClient, made: list[str]) -> None:
    every = await make(contract, made, cron=None, every="90m")
    calendars = await make(
        contract, made, cron=None, calendars=[{"hour": "8-10/2", "minute": 15, "dayOfWeek": "mon-fri", "month": "3"}]
    )

    assert {later - earlier for earlier, later in pairwise(times(every))} == {timedelta(minutes=90)}
    assert every["every"] == "90m"
    assert [f"{time:%m-%d %H:%M}" for time in times(calendars)][:3] == ["03-01 08:15", "03-01 10:15", "03-02 08:15"]


async def test_the_clocks_go_forward_in_berlin(contract: AsyncClient, made: list[str]) -> None:
    before: dict[str, JsonValue] = {"timezone": "Europe/Berlin", "startAt": "2090-03-25T00:00:00+01:00"}
    daily = await make(contract, made, cron="0 6 * * *", **before)
    in_the_gap = await make(contract, made, cron="30 2 * * *", **before)

    assert local_times(daily)[:3] == ["03-25 06:00 CET", "03-26 06:00 CEST", "03-27 06:00 CEST"]
    assert utc_hours(daily)[:3] == [5, 4, 4]
    # There is no 02:30 on the 26th: that day has no run, rather than one at another time.
    assert local_times(in_the_gap)[:3] == ["03-25 02:30 CET", "03-27 02:30 CEST", "03-28 02:30 CEST"]


async def test_the_clocks_go_back_in_berlin(contract: AsyncClient, made: list[str]) -> None:
    before: dict[str, JsonValue] = {"timezone": "Europe/Berlin", "startAt": "2090-10-28T00:00:00+02:00"}
    daily = await make(contract, made, cron="0 6 * * *", **before)
    in_the_hour_that_comes_twice = await make(contract, made, cron="30 2 * * *", **before)
    hourly = await make(contract, made, every="1h", cron=None, **{**before, "startAt": "2090-10-29T00:00:00+02:00"})

    assert local_times(daily)[:3] == ["10-28 06:00 CEST", "10-29 06:00 CET", "10-30 06:00 CET"]
    assert utc_hours(daily)[:3] == [4, 5, 5]
    assert local_times(in_the_hour_that_comes_twice)[:3] == ["10-28 02:30 CEST", "10-29 02:30 CET", "10-30 02:30 CET"]
    assert utc_hours(hourly)[:4] == [22, 23, 0, 1]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"cron": None}, "body"),
        ({"every": "1h"}, "body"),
        ({"cron": "every day"}, "cron"),
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": None, "every": "soon"}, "every"),
        ({"cron": None, "every": 10}, "every"),
        ({"cron": None, "calendars": [{"hour": "25"}]}, "calendars"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"overlap": "never"}, "overlap"),
        ({"startAt": "2090-01-01T00:00:00Z", "endAt": "2089-01-01T00:00:00Z"}, "body"),
        ({"workflowName": "stay", "input": {"first": "one"}}, "input.first"),
        ({"tags": ["x" * 65]}, "tags.0"),
        ({"id": ""}, "id"),
    ],
)
async def test_what_does_not_fit_is_a_400_and_no_schedule(
    contract: AsyncClient, fields: dict[str, JsonValue], place: str
) -> None:
    schedule_id = new_id("refused")
    response = await contract.post("/schedules", json={"id": schedule_id, **FAR, **fields})

    assert (response.status_code, response.json()["error"]) == (400, "ValidationError"), response.text
    assert place in [issue["path"] for issue in response.json()["issues"]]
    assert (await contract.get(f"/schedules/{schedule_id}")).status_code == 404


async def test_an_unknown_workflow_is_a_404_and_a_taken_id_a_409(contract: AsyncClient, made: list[str]) -> None:
    schedule = await make(contract, made)
    unknown = await contract.post("/schedules", json={**FAR, "workflowName": "mirorr"})
    taken = await contract.post("/schedules", json={**FAR, "id": schedule["id"]})

    assert (unknown.status_code, unknown.json()["error"]) == (404, "WorkflowNotFoundError")
    assert (taken.status_code, taken.json()["error"]) == (409, "ScheduleAlreadyExistsError")


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("PUT", "", FAR),
        ("DELETE", "", None),
        ("POST", "/pause", {}),
        ("POST", "/resume", None),
        ("POST", "/trigger", {}),
        ("POST", "/backfill", {"startAt": "2026-01-01T00:00:00Z", "endAt": "2026-01-02T00:00:00Z"}),
    ],
)
async def test_an_unknown_schedule_is_a_404(contract: AsyncClient, method: str, rest: str, body: JsonValue) -> None:
    response = await contract.request(method, f"/schedules/nobody{rest}", json=body)

    assert (response.status_code, response.json()["error"]) == (404, "ScheduleNotFoundError")


async def test_put_writes_a_schedule_anew_and_takes_what_get_gave(contract: AsyncClient, made: list[str]) -> None:
    schedule = await make(contract, made, note="once", tags=["a"])
    path = f"/schedules/{schedule['id']}"
    same = await contract.put(path, json=schedule)
    other = await contract.put(path, json={**FAR, "cron": "0 7 * * *", "input": "new", "paused": True})

    assert (same.status_code, same.json()) == (200, schedule)
    changed = other.json()
    assert (changed["cron"], changed["input"], changed["paused"], changed["note"], changed["tags"]) == (
        "0 7 * * *", "new", True, None, None,
    )  # fmt: skip
    assert (await contract.get(path)).json() == changed
    mismatch = await contract.put(path, json={**FAR, "id": "another"})
    assert (mismatch.status_code, mismatch.json()["issues"][0]["path"]) == (400, "id")


async def test_pause_and_resume_keep_the_note_unless_they_bring_one(contract: AsyncClient, made: list[str]) -> None:
    schedule = await make(contract, made, note="nightly")
    path = f"/schedules/{schedule['id']}"
    seen = [
        (await contract.post(f"{path}/pause")).json(),
        (await contract.post(f"{path}/pause", json={"note": "the bank is closed"})).json(),
        (await contract.post(f"{path}/resume", json={})).json(),
    ]

    assert [(each["paused"], each["note"]) for each in seen] == [
        (True, "nightly"),
        (True, "the bank is closed"),
        (False, "the bank is closed"),
    ]


async def test_a_triggered_run_is_listed_by_its_schedule_and_has_its_input(
    contract: AsyncClient, made: list[str]
) -> None:
    schedule = await make(contract, made, input={"tick": 1}, paused=True)
    triggered = await contract.post(f"/schedules/{schedule['id']}/trigger")

    assert triggered.status_code == 200
    run = (await eventually(lambda: runs(contract, schedule), "the end of the triggered run"))[0]
    result = await contract.get(f"/workflow/{run.workflow_id}/runs/{run.run_id}/result")
    assert (result.json()["input"], result.json()["output"]) == ({"tick": 1}, {"tick": 1})


async def test_a_schedule_starts_runs_by_itself(contract: AsyncClient, made: list[str]) -> None:
    schedule = await make(contract, made, cron=None, every=1000, startAt=None, overlap="allow_all")

    async def two() -> bool:
        return len({run.workflow_id for run in await runs(contract, schedule)}) >= 2

    await eventually(two, "two runs")


async def test_backfill_starts_a_run_for_each_time_one_after_the_other(contract: AsyncClient, made: list[str]) -> None:
    schedule = await make(contract, made, startAt=None, paused=True)
    body = {"startAt": "2026-03-01T00:00:00Z", "endAt": "2026-03-03T23:00:00Z"}
    response = await contract.post(f"/schedules/{schedule['id']}/backfill", json=body)

    async def three() -> list[datetime] | None:
        done = [run.scheduled_at for run in await runs(contract, schedule)]
        return done if len(done) == 3 else None

    assert response.status_code == 200
    assert await eventually(three, "three runs") == [datetime(2026, 3, day, 6, tzinfo=UTC) for day in (1, 2, 3)]


async def test_backfill_needs_its_times(contract: AsyncClient, made: list[str]) -> None:
    schedule = await make(contract, made)
    for body in ({}, {"startAt": "2026-03-02T00:00:00Z", "endAt": "2026-03-01T00:00:00Z"}):
        response = await contract.post(f"/schedules/{schedule['id']}/backfill", json=body)
        assert (response.status_code, response.json()["error"]) == (400, "ValidationError")


async def test_a_removed_schedule_is_gone_and_its_runs_stay(contract: AsyncClient, made: list[str]) -> None:
    schedule = await make(contract, made)
    first = await contract.delete(f"/schedules/{schedule['id']}")
    again = await contract.delete(f"/schedules/{schedule['id']}")

    assert (first.status_code, first.content) == (204, b"")
    assert again.status_code == 404


async def test_schedules_are_listed_in_pages(contract: AsyncClient, made: list[str]) -> None:
    wanted = {str((await make(contract, made))["id"]) for _ in range(3)}

    async def listed() -> bool:
        seen: list[str] = []
        token = None
        while True:
            params = {"limit": "2"} | ({"pageToken": token} if token else {})
            page = (await contract.get("/schedules", params=params)).json()
            assert page["count"] == len(page["schedules"]) <= 2
            seen += [schedule["id"] for schedule in page["schedules"]]
            token = page["nextPageToken"]
            if token is None:
                return wanted <= set(seen) and len(seen) == len(set(seen))

    await eventually(listed, "all schedules in the listing")
    made_up = await contract.get("/schedules", params={"pageToken": "abc"})
    assert (made_up.status_code, made_up.json()["error"]) == (400, "InvalidPageTokenError")


async def test_schedules_that_others_keep_on_the_engine_are_left_alone(
    contract: AsyncClient, engine_client: Client
) -> None:
    schedule_id = new_id("foreign")
    action = ScheduleActionStartWorkflow("mirror", 1, id=schedule_id, task_queue="elsewhere")
    handle = await engine_client.create_schedule(
        schedule_id, Schedule(action, ScheduleSpec(start_at=datetime(2090, 1, 1, tzinfo=UTC)))
    )
    try:
        for method, rest in (("GET", ""), ("DELETE", ""), ("POST", "/pause"), ("POST", "/trigger")):
            response = await contract.request(method, f"/schedules/{schedule_id}{rest}")
            assert (response.status_code, response.json()["error"]) == (404, "ScheduleNotFoundError"), method
    finally:
        await handle.delete()
