"""What the client does when a server answers badly, late or not at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import timedelta

import pytest

from output.client import Client, Retries, routes
from output.client.httpx_transport import Transport
from output.client.request import Request, Server
from output.client.urllib_transport import ask
from output.errors import (
    CatalogNotAvailableError,
    EngineNotAvailableError,
    HandlerFailedError,
    OutputError,
    ServerNotReachableError,
    UnexpectedResponseError,
    ValidationError,
    WorkflowAlreadyStartedError,
    WorkflowNotFoundError,
)
from output.models.references import Issue, RunRef
from output.models.runs import RunStatus, StartRequest
from tests.support.faulty import DROP, Faulty, answer, fault, page, serve
from tests.support.processes import free_port

QUICK = Retries(attempts=3, first_pause=timedelta(milliseconds=1), longest_pause=timedelta(seconds=2))
STATUS = {"workflowId": "w", "runId": "r", "status": "running", "startedAt": 1, "completedAt": None, "problem": None}
IDS = {"workflowId": "w", "runId": "r"}
RESULT = {"v": "2", **IDS, "status": "completed", "input": None, "output": 7, "trace": None, "error": None}

Ask = Callable[[str, Request], Awaitable[bytes]]


async def _ask_async(url: str, request: Request) -> bytes:
    transport = Transport(Server(url, "secret"), retries=QUICK, timeout=timedelta(seconds=5))
    async with aclosing(transport):
        return (await transport.ask(request)).body


async def _ask_plain(url: str, request: Request) -> bytes:
    server = Server(url, "secret")
    reply = await asyncio.to_thread(ask, server, request, retries=QUICK, timeout=timedelta(seconds=5))
    return reply.body


@pytest.fixture(params=[_ask_async, _ask_plain], ids=["client", "command line"])
def send(request: pytest.FixtureRequest) -> Ask:
    """Both ways of sending: they share one policy, and the same tests."""
    way: Ask = request.param
    return way


START = routes.start(StartRequest(workflow_name="digest"))
READ = routes.status(RunRef("w"))


@pytest.mark.parametrize("first", [DROP, answer(503, fault("EngineNotAvailableError")), answer(429, fault("x"))])
async def test_what_only_reads_is_asked_again(send: Ask, first: bytes) -> None:
    async with serve(first, first, answer(200, STATUS)) as server:
        assert json.loads(await send(server.url, READ)) == STATUS

    assert server.targets == ["GET /workflow/w/status"] * 3


@pytest.mark.parametrize("first", [DROP, answer(503, fault("EngineNotAvailableError")), answer(502, None)])
async def test_a_start_that_may_have_been_one_is_not_repeated(send: Ask, first: bytes) -> None:
    async with serve(first, answer(200, IDS)) as server:
        with pytest.raises(OutputError):
            await send(server.url, START)

    assert len(server.seen) == 1


@pytest.mark.parametrize("name", ["CatalogNotAvailableError", "EngineBusyError"])
async def test_a_start_that_surely_was_none_is_repeated(send: Ask, name: str) -> None:
    async with serve(answer(503, fault(name)), answer(200, IDS)) as server:
        assert json.loads(await send(server.url, START)) == IDS

    assert [each.body for each in server.seen] == [b'{"workflowName": "digest"}'] * 2
    assert server.seen[0].headers["content-type"] == "application/json"


async def test_a_start_that_nobody_listened_to_is_repeated(send: Ask) -> None:
    port = free_port()
    patient = asyncio.create_task(_send_until_answered(send, port))
    with pytest.raises(ServerNotReachableError, match="connection refused"):
        await send(f"http://127.0.0.1:{port}", START)
    async with serve(answer(200, IDS), port=port):
        assert json.loads(await asyncio.wait_for(patient, timeout=20)) == IDS


async def _send_until_answered(send: Ask, port: int) -> bytes:
    while True:
        try:
            return await send(f"http://127.0.0.1:{port}", START)
        except ServerNotReachableError:
            await asyncio.sleep(0)


async def test_a_wait_that_the_server_asks_for_is_kept_and_a_long_one_is_not_waited_for(send: Ask) -> None:
    async with serve(answer(503, fault("CatalogNotAvailableError"), retry_after="0"), answer(200, IDS)) as server:
        await send(server.url, START)
    async with serve(answer(503, fault("CatalogNotAvailableError"), retry_after="3600")) as server:
        with pytest.raises(CatalogNotAvailableError) as caught:
            await send(server.url, START)

    assert caught.value.retry_after == timedelta(hours=1)
    assert len(server.seen) == 1


async def test_the_last_answer_stands_when_the_attempts_are_used_up(send: Ask) -> None:
    async with serve(answer(503, fault("EngineNotAvailableError"))) as server:
        with pytest.raises(EngineNotAvailableError):
            await send(server.url, READ)

    assert len(server.seen) == 3


async def test_an_error_is_the_one_that_the_server_raised_with_its_facts(send: Ask) -> None:
    body = fault("ValidationError", "It does not fit.", issues=[{"path": "input.n", "message": "no", "code": "type"}])
    async with serve(answer(400, body), answer(404, fault("WorkflowNotFoundError", **IDS))) as server:
        with pytest.raises(ValidationError, match="It does not fit") as invalid:
            await send(server.url, START)
        with pytest.raises(WorkflowNotFoundError) as missing:
            await send(server.url, READ)

    assert invalid.value.issues == (Issue("input.n", "no", "type"),)
    assert missing.value.run == RunRef("w", "r")


async def test_more_errors_keep_their_facts(send: Ask) -> None:
    failed = fault("HandlerFailedError", "Boom: no", handler="decide", cause={"name": "Boom", "message": "no"}, **IDS)
    async with serve(answer(422, failed), answer(409, fault("WorkflowAlreadyStartedError", **IDS))) as server:
        with pytest.raises(HandlerFailedError) as handler:
            await send(server.url, READ)
        with pytest.raises(WorkflowAlreadyStartedError) as started:
            await send(server.url, START)

    assert (handler.value.cause_name, handler.value.cause_message) == ("Boom", "no")
    assert started.value.run == RunRef("w", "r")


async def test_an_error_of_a_later_server_is_an_output_error_with_its_name(send: Ask) -> None:
    async with serve(answer(418, fault("TeapotError", "I am one."))) as server:
        with pytest.raises(OutputError, match=r"TeapotError: I am one\."):
            await send(server.url, READ)


@pytest.mark.parametrize("reply", [page(200, "<h1>Hi</h1>"), page(404, "Not here"), answer(302, None, location="/x")])
async def test_an_answer_of_something_else_says_so(send: Ask, reply: bytes) -> None:
    async with serve(reply) as server:
        with pytest.raises(UnexpectedResponseError, match="not as an Output API does"):
            await send(server.url, READ)

    assert len(server.seen) == 1


async def test_the_token_is_sent(send: Ask) -> None:
    async with serve(answer(200, STATUS)) as server:
        await send(server.url, READ)

    assert server.seen[0].headers["authorization"] == "Bearer secret"


async def test_ids_with_slashes_and_spaces_keep_their_place_in_the_path(send: Ask) -> None:
    async with serve(answer(200, STATUS)) as server:
        await send(server.url, routes.status(RunRef("a/b c?", "r")))

    assert server.targets == ["GET /workflow/a%2Fb%20c%3F/runs/r/status"]


async def test_a_silent_server_is_given_up() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with Client(url, timeout=timedelta(milliseconds=50), retries=QUICK) as client:
        with pytest.raises(ServerNotReachableError, match="it took too long"):
            await client.runs.status("w")
    server.close()
    await server.wait_closed()


async def test_a_run_whose_connection_broke_is_found_again_by_its_id() -> None:
    open_still = answer(424, fault("WorkflowNotCompletedError", **IDS))
    async with serve(DROP, open_still, answer(200, RESULT)) as server, _client(server) as client:
        assert (await client.run("digest")).output == 7

    ran, *asked = server.seen
    workflow_id = json.loads(ran.body)["workflowId"]
    assert ran.target == "/workflow/run"
    assert [each.target for each in asked] == [f"/workflow/{workflow_id}/result?wait=60"] * 2


async def test_a_run_that_never_began_is_the_broken_connection_that_it_was() -> None:
    async with serve(DROP, answer(404, fault("WorkflowNotFoundError"))) as server, _client(server) as client:
        with pytest.raises(ServerNotReachableError):
            await client.run("digest")


async def test_a_run_under_an_id_of_the_callers_is_not_guessed_at() -> None:
    async with serve(DROP, answer(200, RESULT)) as server, _client(server) as client:
        with pytest.raises(ServerNotReachableError):
            await client.run("digest", workflow_id="mine")

    assert len(server.seen) == 1


async def test_inputs_are_models_too_and_nan_is_none() -> None:
    async with serve(answer(200, IDS)) as server, _client(server) as client:
        await client.start("digest", RunStatus.model_validate(STATUS))
        with pytest.raises(ValueError, match="JSON compliant"):
            await client.start("digest", float("nan"))

    assert json.loads(server.seen[0].body)["input"] == STATUS


@pytest.mark.parametrize("url", ["localhost:3001", "ftp://x", "http://"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="http://localhost:3001"):
        Client(url)


def _client(server: Faulty) -> Client:
    return Client(server.url, retries=QUICK, timeout=timedelta(seconds=5))


async def test_a_server_on_this_machine_is_never_asked_through_a_proxy(
    send: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9" if name != "ALL_PROXY" else "socks5://127.0.0.1:9")
    async with serve(answer(200, STATUS)) as server:
        assert b"running" in await send(server.url, routes.status(RunRef("w")))


async def test_where_a_proxy_fails_the_sentence_names_it_without_its_password(
    send: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://me:secret@127.0.0.1:{port}")

    with pytest.raises(ServerNotReachableError, match=rf"through the proxy http://127\.0\.0\.1:{port}\)"):
        await send("http://output.example", routes.status(RunRef("w")))


def test_a_proxy_that_cannot_be_spoken_to_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")

    with pytest.raises(ValueError, match=r"The proxy socks5://127\.0\.0\.1:9 cannot be used"):
        Client("http://output.example")


async def test_the_command_line_reads_a_refusal_although_the_server_closed_before_it_had_the_body() -> None:
    refusal = json.dumps({"error": "PayloadTooLargeError", "message": "at most 10 bytes are taken"}).encode()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 413 Too Large\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(refusal), refusal)
        )
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        body = json.dumps({"input": "x" * 5_000_000}).encode()
        with pytest.raises(OutputError, match="at most 10 bytes are taken"):
            await _ask_plain(
                f"http://127.0.0.1:{port}", Request(method="POST", path="/workflow/run", body=body, repeat="if_undone")
            )
