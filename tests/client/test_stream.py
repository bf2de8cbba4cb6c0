"""A stream gives each event once, whatever happens to its connections."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest

from output.client import Client, HistoryEvent, Retries, StreamDone, StreamEvent, StreamOpened
from output.errors import InternalServerError, ServerNotReachableError, UnauthorizedError, UnexpectedResponseError
from tests.support.faulty import DROP, Faulty, answer, event, fault, page, serve, stream

COMPLETED = "WORKFLOW_EXECUTION_COMPLETED"


def _history(*ids: int) -> bytes:
    batch = [
        {
            "eventId": str(each),
            "eventType": 1,
            "eventTypeName": "TIMER_FIRED",
            "eventTime": "2026-03-06T10:30:45.123Z",
            "timerFiredEventAttributes": {"timerId": str(each)},
        }
        for each in ids
    ]
    return event("history", batch, event_id=ids[-1])


def _opening(run_id: str = "r1") -> bytes:
    run = {"workflowId": "w", "runId": run_id, "status": "running", "startTime": "2026-03-06T10:30:45.123Z"}
    return event("workflow", {**run, "closeTime": None, "historyLength": 3, "taskQueue": "main", "closed": False})


def _done(reason: str = COMPLETED, **more: str) -> bytes:
    return event("done", {"reason": reason, **more})


async def _read(server: Faulty, *, follow_runs: bool = False, after: int | None = None) -> list[StreamEvent]:
    retries = Retries(attempts=4, first_pause=timedelta(milliseconds=1), longest_pause=timedelta(seconds=2))
    async with Client(server.url, retries=retries) as client:
        return [each async for each in client.runs.stream("w", follow_runs=follow_runs, after=after)]


def _shown(events: list[StreamEvent]) -> list[str]:
    names: list[str] = []
    for each in events:
        if isinstance(each, StreamOpened):
            names.append(f"opened {each.run_id}")
        elif isinstance(each, HistoryEvent):
            names.append(each.event_id)
        else:
            names.append(each.reason)
    return names


async def test_a_stream_that_breaks_goes_on_after_the_last_event() -> None:
    async with serve(
        stream(_opening(), _history(1, 2)),
        DROP,
        stream(_opening(), _history(3), b": keep-alive\n\n"),
        stream(_opening(), _history(4, 5), _done()),
    ) as server:
        shown = _shown(await _read(server))

    assert shown == ["opened r1", "1", "2", "3", "4", "5", COMPLETED]
    assert [each.headers.get("last-event-id") for each in server.seen] == [None, "2", "2", "3"]
    assert server.targets == [
        "GET /workflow/w/history/stream",
        *["GET /workflow/w/runs/r1/history/stream"] * 3,
    ]


async def test_a_batch_that_was_cut_off_counts_as_not_sent() -> None:
    async with serve(
        stream(_opening(), _history(1, 2), _history(3, 4)[:-9]), stream(_opening(), _history(3, 4), _done())
    ) as server:
        assert _shown(await _read(server))[1:-1] == ["1", "2", "3", "4"]


async def test_events_that_come_again_are_dropped() -> None:
    async with serve(
        stream(_opening(), _history(1, 2)), stream(_opening(), _history(1, 2), _history(2, 3), _done())
    ) as server:
        assert _shown(await _read(server))[1:-1] == ["1", "2", "3"]


async def test_an_end_that_was_lost_with_the_connection_is_asked_for_again() -> None:
    async with serve(
        stream(_opening(), _history(1, 2)), answer(204), stream(_opening(), _history(1, 2), _done("X"))
    ) as server:
        assert _shown(await _read(server)) == ["opened r1", "1", "2", "X"]

    assert [each.headers.get("last-event-id") for each in server.seen] == [None, "2", None]


async def test_a_reader_may_begin_after_an_event_that_it_knows() -> None:
    async with serve(stream(_opening(), _history(8), _done())) as server:
        assert _shown(await _read(server, after=7)) == ["opened r1", "8", COMPLETED]

    assert server.seen[0].headers["last-event-id"] == "7"


async def test_the_runs_that_follow_are_followed_if_asked() -> None:
    first = stream(_opening(), _history(1), _done("WORKFLOW_EXECUTION_CONTINUED_AS_NEW", newRunId="r2"))
    async with serve(first, stream(_opening("r2"), _history(1, 2), _done())) as server:
        shown = _shown(await _read(server, follow_runs=True))
    async with serve(first) as server:
        alone = _shown(await _read(server))

    assert shown == ["opened r1", "1", "WORKFLOW_EXECUTION_CONTINUED_AS_NEW", "opened r2", "1", "2", COMPLETED]
    assert alone == shown[:3]


async def test_a_fault_that_passes_is_waited_out() -> None:
    passing = event("server_error", fault("EngineNotAvailableError", workflowId="w", runId="r1"))
    async with serve(
        stream(_opening(), _history(1), passing),
        answer(503, fault("EngineNotAvailableError")),
        stream(_opening(), _history(2), _done()),
    ) as server:
        assert _shown(await _read(server)) == ["opened r1", "1", "2", COMPLETED]


async def test_a_fault_that_stays_is_raised() -> None:
    async with serve(stream(_opening(), event("server_error", fault("InternalServerError")))) as server:
        with pytest.raises(InternalServerError):
            await _read(server)
    async with serve(stream(_opening(), _history(1)), answer(401, fault("UnauthorizedError"))) as server:
        with pytest.raises(UnauthorizedError):
            await _read(server)


async def test_a_server_that_stays_away_is_given_up_after_the_retries() -> None:
    async with serve(stream(_opening(), _history(1)), DROP) as server:
        with pytest.raises(ServerNotReachableError):
            await _read(server)

    assert len(server.seen) == 4


async def test_a_server_that_opens_streams_without_news_for_ever_is_given_up() -> None:
    async with serve(stream(_opening())) as server:
        with pytest.raises(ServerNotReachableError, match=r"closed|incomplete"):
            await _read(server)

    assert len(server.seen) == 4


@pytest.mark.parametrize("reply", [page(200, "<h1>Hi</h1>"), answer(200, {}), answer(204)])
async def test_what_is_no_stream_is_refused(reply: bytes) -> None:
    async with serve(reply) as server:
        with pytest.raises(UnexpectedResponseError):
            await _read(server)


async def test_a_reader_may_leave_at_any_time() -> None:
    retries = Retries(attempts=1)
    async with serve(stream(_opening(), _history(1), _done())) as server, Client(server.url, retries=retries) as client:
        events = client.runs.stream("w")
        assert isinstance(await anext(events), StreamOpened)
        await events.aclose()


def test_an_end_without_a_run_that_follows_names_none() -> None:
    assert StreamDone(reason=COMPLETED).new_run_id is None


# What `str.splitlines` takes for the end of a line, and an event stream does not.
LOOKS_LIKE_AN_END = "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
async def test_a_payload_with_other_line_ends_is_one_event(ending: str) -> None:
    text = f"before{LOOKS_LIKE_AN_END}after"
    started = {"eventId": "1", "eventType": 1, "eventTypeName": "X", "eventTime": "2026-03-06T10:30:45.123Z"}
    data = json.dumps([{**started, "xEventAttributes": {"input": text}}], ensure_ascii=False)
    sent = f"id: 1\nevent: history\ndata: {data}\n\n".replace("\n", ending).encode()
    async with serve(stream(_opening(), sent, _done())) as server:
        events = await _read(server)

    assert _shown(events) == ["opened r1", "1", COMPLETED]
    assert isinstance(events[1], HistoryEvent)
    assert events[1].model_dump(by_alias=True)["xEventAttributes"] == {"input": text}


async def test_comments_and_events_without_data_after_an_id_are_passed_over() -> None:
    async with serve(stream(_opening(), _history(1), b": ping\n\n", b"event: history\n\n", _done())) as server:
        events = await _read(server)

    assert _shown(events) == ["opened r1", "1", COMPLETED]


async def test_a_broken_stream_is_opened_again_after_the_pause_that_the_server_asked_for() -> None:
    async with serve(stream(b"retry: 400\n\n", _opening(), _history(1)), stream(_opening(), _done())) as server:
        begun = time.monotonic()
        events = await _read(server)
        lasted = time.monotonic() - begun

    assert _shown(events) == ["opened r1", "1", COMPLETED]
    assert lasted >= 0.4


async def test_a_retry_that_is_no_sane_number_is_no_fault() -> None:
    async with serve(stream(b"retry: -5\n\nretry: soon\n\n", _opening(), _done())) as server:
        assert _shown(await _read(server)) == ["opened r1", COMPLETED]
