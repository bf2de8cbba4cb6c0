"""`GET /workflow/:id/history`: pages of exact size, each event once, long polls, payloads."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from tests.support.histories import (
    Handle,
    answer_task,
    complete,
    marker,
    queue_of,
    schedule_step,
    signal_many,
    start_run,
)


@pytest.fixture
async def api(bare_api_url: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=bare_api_url, timeout=30) as client:
        yield client


async def get(api: httpx.AsyncClient, handle: Handle, **query: str | int) -> dict[str, Any]:
    reply = await api.get(f"/workflow/{handle.id}/history", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def read_pages(api: httpx.AsyncClient, handle: Handle, **query: str | int) -> list[dict[str, Any]]:
    pages = [await get(api, handle, **query)]
    while pages[-1]["nextPageToken"] is not None:
        last = pages[-1]
        pages.append(await get(api, handle, **query, pageToken=last["nextPageToken"], runId=last["runId"]))
    return pages


def ids(pages: list[dict[str, Any]]) -> list[int]:
    return [int(event["eventId"]) for page in pages for event in page["events"]]


def run_of(handle: Handle) -> str:
    assert handle.first_execution_run_id is not None
    return handle.first_execution_run_id


async def test_the_first_page_tells_of_the_run_and_later_ones_do_not(
    api: httpx.AsyncClient, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    await signal_many(handle, 5)

    first, *later = await read_pages(api, handle, pageSize=3)

    described = await handle.describe()
    assert first["workflow"] == {
        "workflowId": handle.id,
        "runId": handle.first_execution_run_id,
        "status": "running",
        "startTime": described.start_time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "closeTime": None,
        "historyLength": 7,
        "taskQueue": queue_of(handle.id),
    }
    assert [page["workflow"] for page in later] == [None] * len(later)
    assert {page["runId"] for page in later} == {handle.first_execution_run_id}


@pytest.mark.parametrize("size", [1, 7, 50])
async def test_pages_end_inside_batches_and_have_each_event_once(
    api: httpx.AsyncClient, engine_client: Client, size: int
) -> None:
    handle = await start_run(engine_client)
    await answer_task(engine_client, handle, [marker(number) for number in range(60)])  # one batch of the engine's
    await signal_many(handle, 3)
    await handle.terminate()

    pages = await read_pages(api, handle, pageSize=size)

    length = (await handle.describe()).history_length
    assert ids(pages) == list(range(1, length + 1))
    assert all(len(page["events"]) == size for page in pages[:-1])
    assert 0 < len(pages[-1]["events"]) <= size


async def test_without_a_page_size_there_are_twenty_events(api: httpx.AsyncClient, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    await signal_many(handle, 30)

    assert len((await get(api, handle))["events"]) == 20


async def test_a_history_of_ten_thousand_events_is_read_whole(api: httpx.AsyncClient, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    for _ in range(4):
        await answer_task(engine_client, handle, [marker(number) for number in range(2_500)])
        await handle.signal("again")
    await handle.terminate()

    pages = await read_pages(api, handle, pageSize=50)

    assert ids(pages) == list(range(1, (await handle.describe()).history_length + 1))
    assert len(ids(pages)) > 10_000


async def test_a_page_pinned_by_path_or_query_reads_that_run(api: httpx.AsyncClient, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    await handle.terminate()
    second = await start_run(engine_client, workflow_id=handle.id)

    by_query = await get(api, handle, runId=run_of(handle))
    by_path = await api.get(f"/workflow/{handle.id}/runs/{handle.first_execution_run_id}/history")
    latest = await get(api, handle)

    assert by_query == by_path.json()
    assert by_query["workflow"]["status"] == "terminated"
    assert by_query["workflow"]["closeTime"].endswith("Z")
    assert latest["runId"] == second.first_execution_run_id


async def test_payloads_come_only_when_asked_for(api: httpx.AsyncClient, engine_client: Client) -> None:
    handle = await start_run(engine_client, value={"secret": "sesame"})
    await answer_task(engine_client, handle, [schedule_step("by_hand#fetch", b'{"url":"sesame"}')])

    bare = await api.get(f"/workflow/{handle.id}/history")
    full = (await get(api, handle, includePayloads="true"))["events"]

    scheduled = full[-1]["activityTaskScheduledEventAttributes"]
    assert "sesame" not in bare.text
    assert full[0]["workflowExecutionStartedEventAttributes"]["input"] == [{"secret": "sesame"}]
    assert full[0]["workflowExecutionStartedEventAttributes"]["memo"] == {"fields": {"colour": "blue"}}
    assert (scheduled["stepName"], scheduled["input"]) == ("fetch", [{"url": "sesame"}])
    assert (scheduled["scheduleToCloseTimeout"], scheduled["startToCloseTimeout"]) == ("3600s", "10s")


async def test_a_long_poll_gets_the_next_event_when_it_comes(api: httpx.AsyncClient, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    first = await get(api, handle, longPollTimeoutMs=100)
    token = first["nextPageToken"]

    poll = asyncio.create_task(get(api, handle, pageToken=token, runId=first["runId"], longPollTimeoutMs=15_000))
    await handle.signal("tick")
    page = await poll

    assert [event["eventTypeName"] for event in page["events"]] == ["WORKFLOW_EXECUTION_SIGNALED"]
    assert page["workflow"]["historyLength"] == 3


async def test_a_long_poll_without_an_event_waits_its_time_and_returns_its_token(
    api: httpx.AsyncClient, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    first = await get(api, handle, longPollTimeoutMs=0)

    started = time.monotonic()
    page = await get(api, handle, pageToken=first["nextPageToken"], runId=first["runId"], longPollTimeoutMs=500)

    assert time.monotonic() - started > 0.4
    assert (page["events"], page["nextPageToken"]) == ([], first["nextPageToken"])
    assert page["workflow"]["status"] == "running"


async def test_the_page_with_the_closing_event_has_the_closed_status_and_no_token(
    api: httpx.AsyncClient, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    first = await get(api, handle, longPollTimeoutMs=0)

    poll = asyncio.create_task(
        get(api, handle, pageToken=first["nextPageToken"], runId=first["runId"], longPollTimeoutMs=15_000)
    )
    await handle.terminate("enough")
    page = await poll

    assert page["events"][-1]["eventTypeName"] == "WORKFLOW_EXECUTION_TERMINATED"
    assert (page["workflow"]["status"], page["nextPageToken"]) == ("terminated", None)


async def test_long_polls_one_after_the_other_see_every_event_once(
    api: httpx.AsyncClient, engine_client: Client
) -> None:
    handle = await start_run(engine_client)

    async def produce() -> None:
        await signal_many(handle, 150, width=2)
        await answer_task(engine_client, handle, [*(marker(number) for number in range(70)), complete()])

    producer = asyncio.create_task(produce())
    pages = await read_pages(api, handle, pageSize=9, longPollTimeoutMs=10_000)
    await producer

    assert ids(pages) == list(range(1, (await handle.describe()).history_length + 1))
    assert max(len(page["events"]) for page in pages) <= 9


async def test_a_caller_that_has_caught_up_is_told_without_waiting(
    api: httpx.AsyncClient, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    first = await get(api, handle, longPollTimeoutMs=0)

    page = await get(api, handle, pageToken=first["nextPageToken"], runId=first["runId"])

    assert (page["events"], page["nextPageToken"]) == ([], None)


async def test_a_token_is_good_for_the_run_it_came_with(api: httpx.AsyncClient, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    other = await start_run(engine_client)
    first = await get(api, handle, pageSize=1)
    token, path = first["nextPageToken"], f"/workflow/{handle.id}/history"

    alone = await api.get(path, params={"pageToken": token})
    foreign = await api.get(f"/workflow/{other.id}/history", params={"pageToken": token, "runId": run_of(other)})
    changed = await api.get(path, params={"pageToken": f"{token[:-2]}AA", "runId": first["runId"]})
    invented = await api.get(path, params={"pageToken": "é/+=", "runId": first["runId"]})

    assert (alone.status_code, alone.json()["error"]) == (400, "ValidationError")
    for reply in (foreign, changed, invented):
        assert (reply.status_code, reply.json()["error"]) == (400, "InvalidPageTokenError")


@pytest.mark.parametrize(
    "query",
    ["pageSize=0", "pageSize=51", "pageSize=ten", "includePayloads=yes", "longPollTimeoutMs=-1", "runId=1"],
)
async def test_a_query_that_does_not_fit_is_400_and_names_the_parameter(
    api: httpx.AsyncClient, engine_client: Client, query: str
) -> None:
    handle = await start_run(engine_client)

    reply = await api.get(f"/workflow/{handle.id}/history?{query}")

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
    assert [issue["path"] for issue in reply.json()["issues"]] == [query.partition("=")[0]]


async def test_an_unknown_workflow_or_run_is_404(api: httpx.AsyncClient, engine_client: Client) -> None:
    handle = await start_run(engine_client)

    unknown = await api.get("/workflow/nobody/history")
    no_run = await api.get(f"/workflow/{handle.id}/runs/{uuid.uuid4()}/history")

    for reply in (unknown, no_run):
        assert (reply.status_code, reply.json()["error"]) == (404, "WorkflowNotFoundError")


async def test_a_run_that_timed_out_is_told_as_such(api: httpx.AsyncClient, engine_client: Client) -> None:
    handle = await start_run(engine_client, run_timeout=timedelta(seconds=1))

    pages = await read_pages(api, handle, longPollTimeoutMs=15_000)

    assert pages[-1]["events"][-1]["eventTypeName"] == "WORKFLOW_EXECUTION_TIMED_OUT"
    assert pages[-1]["workflow"]["status"] == "timed_out"
