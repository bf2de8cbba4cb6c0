"""`GET /workflow/:id/history/stream`: what is sent, how it ends, and what is refused."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from datetime import timedelta

import httpx
import pytest
from temporalio.client import Client, WorkflowContinuedAsNewError, WorkflowFailureError

from tests.support.histories import (
    Handle,
    answer_task,
    cancel,
    complete,
    continue_as_new,
    fail,
    marker,
    reset_run,
    signal_many,
    start_run,
)
from tests.support.streams import ids_in, open_stream, read_all


def stream_url(base: str, handle: Handle, query: str = "", *, run_id: str | None = None) -> str:
    pinned = f"/runs/{run_id}" if run_id is not None else ""
    return f"{base}/workflow/{handle.id}{pinned}/history/stream" + (f"?{query}" if query else "")


async def test_a_stream_has_the_contracts_headers(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)

    async with open_stream(stream_url(bare_api_url, handle)) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.headers["cache-control"] == "no-cache, no-transform"
        assert stream.headers["x-accel-buffering"] == "no"
        assert stream.headers["x-request-id"]


async def test_the_run_is_told_first_then_its_events_as_they_happen(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)

    async with open_stream(stream_url(bare_api_url, handle)) as stream:
        opening = await stream.event("workflow")
        first = await stream.event("history")
        await handle.signal("tick")
        second = await stream.event("history")

    assert (opening.data["workflowId"], opening.data["runId"]) == (handle.id, handle.first_execution_run_id)
    assert (opening.data["status"], opening.data["closed"], opening.data["closeTime"]) == ("running", False, None)
    assert sorted(opening.data) == sorted(
        ["workflowId", "runId", "status", "startTime", "closeTime", "historyLength", "taskQueue", "closed", "problem"]
    )
    assert (first.id, [event["eventId"] for event in first.data]) == ("2", ["1", "2"])
    assert (second.id, [event["eventTypeName"] for event in second.data]) == ("3", ["WORKFLOW_EXECUTION_SIGNALED"])


@pytest.mark.parametrize("closed_before", [True, False], ids=["closed before", "closed while streamed"])
@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("completed", "WORKFLOW_EXECUTION_COMPLETED"),
        ("failed", "WORKFLOW_EXECUTION_FAILED"),
        ("canceled", "WORKFLOW_EXECUTION_CANCELED"),
        ("terminated", "WORKFLOW_EXECUTION_TERMINATED"),
        ("timed_out", "WORKFLOW_EXECUTION_TIMED_OUT"),
        ("continued_as_new", "WORKFLOW_EXECUTION_CONTINUED_AS_NEW"),
    ],
)
async def test_every_end_is_told_once_after_the_last_event(
    bare_api_url: str, engine_client: Client, end: str, reason: str, *, closed_before: bool
) -> None:
    handle = await start_run(engine_client, run_timeout=timedelta(seconds=1) if end == "timed_out" else None)
    run_id = handle.first_execution_run_id
    streamed = None if closed_before else asyncio.create_task(read_all(stream_url(bare_api_url, handle, run_id=run_id)))

    await bring_about(engine_client, handle, end)
    sent = await (streamed or read_all(stream_url(bare_api_url, handle, run_id=run_id)))

    last_id = ids_in(sent)[-1]
    assert ids_in(sent) == list(range(1, last_id + 1))
    assert sent[-2].data[-1]["eventTypeName"] == reason
    assert [each.name for each in sent].count("done") == 1
    assert (sent[-1].name, sent[-1].data["reason"]) == ("done", reason)
    assert ("newRunId" in sent[-1].data) is (end == "continued_as_new")


async def bring_about(client: Client, handle: Handle, end: str) -> None:
    match end:
        case "completed":
            await answer_task(client, handle, [complete()])
        case "failed":
            await answer_task(client, handle, [fail("no")])
        case "canceled":
            await handle.cancel()
            await answer_task(client, handle, [cancel()])
        case "terminated":
            await handle.terminate()
        case "continued_as_new":
            await answer_task(client, handle, [continue_as_new(handle)])
        case _:
            pass  # time does it
    pinned = client.get_workflow_handle(handle.id, run_id=handle.first_execution_run_id)
    with suppress(WorkflowFailureError, WorkflowContinuedAsNewError):
        await pinned.result(follow_runs=False)


async def test_done_names_the_run_that_a_chain_goes_on_with(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    await answer_task(engine_client, handle, [continue_as_new(handle)])
    await answer_task(engine_client, handle, [continue_as_new(handle)])
    await answer_task(engine_client, handle, [complete()])

    run_id, reasons = handle.first_execution_run_id, list[str]()
    while run_id is not None:
        sent = await read_all(stream_url(bare_api_url, handle, run_id=run_id))
        assert ids_in(sent) == list(range(1, ids_in(sent)[-1] + 1))
        reasons.append(sent[-1].data["reason"].removeprefix("WORKFLOW_EXECUTION_"))
        run_id = sent[-1].data.get("newRunId")

    assert reasons == ["CONTINUED_AS_NEW", "CONTINUED_AS_NEW", "COMPLETED"]


async def test_a_reset_run_ends_terminated_and_names_the_run_that_follows(
    bare_api_url: str, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    await answer_task(engine_client, handle, [marker(1)])
    streamed = asyncio.create_task(read_all(stream_url(bare_api_url, handle, run_id=handle.first_execution_run_id)))

    new_run_id = await reset_run(engine_client, handle, event_id=4)
    while_streamed = await streamed
    afterwards = await read_all(stream_url(bare_api_url, handle, run_id=handle.first_execution_run_id))
    next_run = await engine_client.get_workflow_handle(handle.id, run_id=new_run_id).describe()

    assert next_run.run_id == new_run_id
    for sent in (while_streamed, afterwards):
        assert sent[-1].data == {"reason": "WORKFLOW_EXECUTION_TERMINATED", "newRunId": new_run_id}


async def test_a_stream_stays_with_the_run_that_it_opened_with(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    async with open_stream(stream_url(bare_api_url, handle)) as stream:
        opening = await stream.event("workflow")
        await handle.terminate()
        await start_run(engine_client, workflow_id=handle.id)
        await stream.event("history")
        while (sent := await stream.next()) is not None and sent.name != "done":
            pass

    assert opening.data["runId"] == handle.first_execution_run_id
    assert sent is not None


@pytest.mark.parametrize("way", ["header", "query", "both"])
async def test_a_stream_resumes_after_the_last_event(bare_api_url: str, engine_client: Client, way: str) -> None:
    handle = await start_run(engine_client)
    await signal_many(handle, 10)
    await handle.terminate()
    query = "lastEventId=5" if way != "header" else ""
    headers = {"Last-Event-ID": "5" if way == "header" else "9"} if way != "query" else {}

    sent = await read_all(stream_url(bare_api_url, handle, query), headers=headers)

    assert ids_in(sent) == list(range(6, 14))
    assert [sent[0].name, sent[-1].name] == ["workflow", "done"]


@pytest.mark.parametrize("value", ["0", "-3", "abc", "1.5", "", "9" * 30])
async def test_a_header_that_is_no_positive_integer_is_ignored(
    bare_api_url: str, engine_client: Client, value: str
) -> None:
    handle = await start_run(engine_client)
    await handle.terminate()

    sent = await read_all(stream_url(bare_api_url, handle), headers={"Last-Event-ID": value})

    assert ids_in(sent) == [1, 2, 3]


@pytest.mark.parametrize(
    "query",
    ["lastEventId=0", "lastEventId=-3", "lastEventId=abc", "lastEventId=1.5", "lastEventId=", "includePayloads=1"],
)
async def test_a_query_that_does_not_fit_is_a_json_400(bare_api_url: str, engine_client: Client, query: str) -> None:
    handle = await start_run(engine_client)

    async with httpx.AsyncClient() as http:
        reply = await http.get(stream_url(bare_api_url, handle, query))

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
    assert reply.json()["issues"][0]["path"] == query.partition("=")[0]


@pytest.mark.parametrize("past", [0, 1, 1000])
async def test_resuming_at_or_past_the_end_of_a_closed_run_is_204(
    bare_api_url: str, engine_client: Client, past: int
) -> None:
    handle = await start_run(engine_client)
    await handle.terminate()

    async with httpx.AsyncClient() as http:
        reply = await http.get(stream_url(bare_api_url, handle), headers={"Last-Event-ID": str(3 + past)})

    assert (reply.status_code, reply.content) == (204, b"")


async def test_an_id_ahead_of_a_live_runs_history_is_400(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)

    async with httpx.AsyncClient() as http:
        by_query = await http.get(stream_url(bare_api_url, handle, "lastEventId=3"))
        by_header = await http.get(stream_url(bare_api_url, handle), headers={"Last-Event-ID": "3"})

    for reply in (by_query, by_header):
        assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
        assert reply.json()["runId"] == handle.first_execution_run_id


async def test_an_unknown_workflow_or_run_is_a_json_404(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)

    async with httpx.AsyncClient() as http:
        unknown = await http.get(f"{bare_api_url}/workflow/nobody/history/stream")
        no_run = await http.get(stream_url(bare_api_url, handle, run_id=str(uuid.uuid4())))

    for reply in (unknown, no_run):
        assert (reply.status_code, reply.json()["error"]) == (404, "WorkflowNotFoundError")


async def test_payloads_come_only_to_those_who_ask_for_them(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client, value={"text": "two\nlines", "secret": "sesame"})
    await handle.terminate()

    bare, full = await asyncio.gather(
        read_all(stream_url(bare_api_url, handle)), read_all(stream_url(bare_api_url, handle, "includePayloads=true"))
    )

    assert "sesame" not in str(bare)
    attributes = full[1].data[0]["workflowExecutionStartedEventAttributes"]
    assert attributes["input"] == [{"text": "two\nlines", "secret": "sesame"}]
    assert ids_in(bare) == ids_in(full)


async def test_a_long_history_is_streamed_whole_in_parts(bare_api_url: str, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    for _ in range(4):
        await answer_task(engine_client, handle, [marker(number) for number in range(2_500)])
        await handle.signal("again")
    await handle.terminate()

    whole, rest = await asyncio.gather(
        read_all(stream_url(bare_api_url, handle)), read_all(stream_url(bare_api_url, handle, "lastEventId=9999"))
    )

    length = (await handle.describe()).history_length
    assert length > 10_000
    assert ids_in(whole) == list(range(1, length + 1))
    assert ids_in(rest) == list(range(10_000, length + 1))
    assert max(len(each.data) for each in whole if each.name == "history") <= 250


async def test_a_history_larger_than_one_answer_of_the_engine_may_be_is_streamed_whole(
    bare_api_url: str, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    for number in range(24):
        await handle.signal("large", {"number": number, "text": "x" * 1_500_000})
    await handle.terminate()

    bare, page = await asyncio.gather(read_all(stream_url(bare_api_url, handle)), _first_page(bare_api_url, handle))

    assert ids_in(bare) == list(range(1, 28))
    assert page == list(range(1, 28))


async def _first_page(base: str, handle: Handle) -> list[int]:
    async with httpx.AsyncClient(timeout=60) as http:
        reply = await http.get(f"{base}/workflow/{handle.id}/history?pageSize=50")
    return [int(event["eventId"]) for event in reply.json()["events"]]
