"""HTTP from workflow code, and webhooks, against a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import BaseModel

from output import (
    ActivityOptions,
    Done,
    FatalError,
    HttpReply,
    Retry,
    StepError,
    ValidationError,
    WebhookTimeoutError,
    await_webhook,
    execute_in_parallel,
    has_error_type,
    send_http_request,
    workflow,
)
from output.testing import TestRun, start_environment, stub
from tests.authoring.conftest import Way
from tests.support.waiting import eventually

QUICK = ActivityOptions(retry=Retry(max_attempts=3, initial_interval=timedelta(milliseconds=10)))


@dataclass
class Received:
    """What the server was sent, and the statuses that it answers first."""

    url: str = ""
    requests: list[tuple[str, str, dict[str, str], str]] = field(
        default_factory=list[tuple[str, str, dict[str, str], str]]
    )
    statuses: list[int] = field(default_factory=list[int])

    @property
    def questions(self) -> list[dict[str, str]]:
        return [json.loads(body) for _, _, _, body in self.requests]


@pytest.fixture
def server() -> Generator[Received]:
    """A server that echoes, after the statuses that the test gives."""
    received = Received()

    class Echo(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            received.requests.append((self.command, self.path, dict(self.headers), body))
            status = received.statuses.pop(0) if received.statuses else 200
            reply = json.dumps({"method": self.command, "body": body}).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("set-cookie", "session=1234")
            self.send_header("retry-after", "0")
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 — the standard library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the standard library's name
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    received.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield received
    listening.shutdown()
    listening.server_close()
    thread.join()


@workflow(activity_options=QUICK)
async def posting(url: str) -> HttpReply:
    return await send_http_request(
        url, method="POST", payload={"n": 1}, headers={"Authorization": "Bearer $REGISTRY_TOKEN"}
    )


@workflow(activity_options=QUICK)
async def getting(url: str) -> list[str | int | bool | None]:
    try:
        reply = await send_http_request(url, include_headers=False, include_body=False)
    except StepError as error:
        status = error.raised.attributes.get("http_status")
        return [error.raised.name, status if isinstance(status, int) else None, has_error_type(error, FatalError)]
    return [reply.status, reply.headers is None, reply.body is None]


@workflow(activity_options=QUICK)
async def approving(url: str) -> list[str]:
    """Ask two people at once."""

    async def ask(name: str) -> str:
        answer = await await_webhook(url, payload={"name": name})
        return f"{name}: {answer}"

    endings = await execute_in_parallel([ask("first"), ask("second")])
    return [ending.result if isinstance(ending, Done) else str(ending.error) for ending in endings]


@workflow(activity_options=QUICK)
async def asking(url: str, seconds: float) -> str:
    try:
        return str(await await_webhook(url, payload="ready?", timeout=timedelta(seconds=seconds)))
    except WebhookTimeoutError as error:
        return error.message


async def wait_until_asked(server: Received, count: int) -> None:
    await eventually(lambda: len(server.requests) >= count, f"{count} requests")


async def test_placeholders_are_filled_in_the_step_alone(
    way: Way, server: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_TOKEN", "t0p-s3cret")
    reply = await way.run(posting, f"{server.url}/companies")

    (_, path, headers, body) = server.requests[0]
    assert (path, headers["Authorization"], json.loads(body)) == ("/companies", "Bearer t0p-s3cret", {"n": 1})
    assert reply.status == 200
    assert reply.body == {"method": "POST", "body": '{"n":1}'}
    assert reply.headers is not None
    assert reply.headers["set-cookie"] == "***"


async def test_the_history_holds_the_placeholder(
    engine_address: str, server: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_TOKEN", "t0p-s3cret")
    async with start_environment(workflows=[posting], address=engine_address) as environment:
        run = await environment.start(posting, server.url)
        await run.result()
        history = await run.handle.fetch_history()

    events = str(history.events)
    assert "$REGISTRY_TOKEN" in events
    assert "t0p-s3cret" not in events
    assert 'name: "posting#send_http_request"' in events


async def test_a_missing_variable_fails_before_anything_is_sent(
    way: Way, server: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGISTRY_TOKEN", raising=False)
    with pytest.raises(Exception, match=r"needs \$REGISTRY_TOKEN"):
        await way.run(posting, server.url)

    assert server.requests == []


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
async def test_a_busy_server_is_asked_again(engine_address: str, server: Received, status: int) -> None:
    server.statuses = [status]

    assert await Way(engine_address).run(getting, server.url) == [200, True, True]
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 404, 422])
async def test_another_status_is_an_error_at_once(way: Way, server: Received, status: int) -> None:
    server.statuses = [status]

    assert await way.run(getting, server.url) == ["HttpStatusError", status, True]
    assert len(server.requests) == 1


async def test_a_refused_connection_is_tried_again_and_then_told(engine_address: str) -> None:
    assert (await Way(engine_address).run(getting, "http://127.0.0.1:9/?token=abc"))[0] == "ConnectionError"


async def test_only_http_urls_are_asked(way: Way) -> None:
    with pytest.raises(Exception, match="only http:// and https:// URLs") as caught:
        await way.run(getting, "file:///etc/passwd")

    assert has_error_type(caught.value, ValidationError)


async def test_waits_are_told_apart_by_their_tokens(engine_address: str, server: Received) -> None:
    async with start_environment(workflows=[approving], address=engine_address, max_cached_workflows=0) as environment:
        run = await environment.start(approving, server.url)
        await wait_until_asked(server, 2)
        questions = server.questions
        tokens = {question["payload"]["name"]: question["token"] for question in questions}  # type: ignore[index]
        await run.send_feedback("nobody", token="unknown")
        await run.send_feedback("no", token=tokens["second"])
        await run.send_feedback("yes")
        assert await run.result() == ["first: yes", "second: no"]

    assert {question["workflowId"] for question in questions} == {run.workflow_id}
    assert {question["runId"] for question in questions} == {run.handle.result_run_id}


async def test_feedback_that_comes_early_is_not_lost(engine_address: str, server: Received) -> None:
    async with start_environment(workflows=[asking], address=engine_address) as environment:
        run: TestRun[str] = await environment.start(asking, server.url, 60)
        await run.send_feedback("early")
        assert await run.result() == "early"


async def test_without_feedback_in_time_the_wait_raises(way: Way, server: Received) -> None:
    assert "No feedback came within 0.1 s" in await way.run(asking, server.url, 0.1)


class Company(BaseModel):
    names: list[str]


@workflow
async def posting_models(url: str) -> list[int]:
    company = Company(names=["a"])
    replies = [await send_http_request(url, method="PUT", payload=payload) for payload in (company, ["a"], "text")]
    return [reply.status for reply in replies]


async def test_models_lists_and_texts_are_payloads(way: Way, server: Received) -> None:
    assert await way.run(posting_models, server.url) == [200, 200, 200]
    assert [body for *_, body in server.requests] == ['{"names":["a"]}', '["a"]', "text"]


async def test_a_payload_without_a_json_form_is_refused() -> None:
    with pytest.raises(ValidationError, match="The payload has no JSON form"):
        await send_http_request("http://127.0.0.1:9", payload=object())


async def test_a_request_can_be_stood_in_for() -> None:
    with stub("send_http_request", returns=HttpReply(status=200, url="x", body={"a": 1})) as stubbed:
        reply = await posting("http://nowhere.example")

    assert reply.body == {"a": 1}
    assert len(stubbed.calls) == 1
