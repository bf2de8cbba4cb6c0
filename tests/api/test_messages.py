"""Signals, queries, updates and feedback, row by row of the contract."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from httpx import AsyncClient, Response
from pydantic import JsonValue

from tests.support.starting import new_id, start


@pytest.fixture
async def review(contract: AsyncClient) -> AsyncGenerator[str]:
    """The path of a running review."""
    ids = await start(contract, "review", {"title": "Moby Dick"})
    path = f"/workflow/{ids.workflow_id}"
    yield path
    await contract.post(f"{path}/terminate")


async def _send(api: AsyncClient, path: str, payload: JsonValue) -> Response:
    return await api.post(path, json={"payload": payload})


async def _comments(api: AsyncClient, review: str) -> list[str]:
    reply = await api.post(f"{review}/query/status")
    assert reply.status_code == 200, reply.text
    comments: list[str] = reply.json()["comments"]
    return comments


async def test_a_signal_reaches_the_workflow_and_answers_an_empty_object(contract: AsyncClient, review: str) -> None:
    reply = await _send(contract, f"{review}/signal/comment", "a whale")

    assert (reply.status_code, reply.json()) == (200, {})
    assert await _comments(contract, review) == ["a whale"]


@pytest.mark.parametrize("body", [None, b"", b"{}", b"null"])
async def test_no_body_no_payload_and_an_empty_object_call_a_handler_without_an_argument(
    contract: AsyncClient, review: str, body: bytes | None
) -> None:
    headers = {"content-type": "application/json"} if body else {}
    nudged = await contract.post(f"{review}/signal/nudge", content=body, headers=headers)
    praised = await contract.post(f"{review}/signal/praise", content=body, headers=headers)
    between = await contract.post(f"{review}/query/between", content=body, headers=headers)

    assert (nudged.status_code, praised.status_code) == (200, 200)
    assert between.json() == ["nudged", "well done"]


async def test_a_message_right_after_the_start_is_not_lost(contract: AsyncClient) -> None:
    path = f"/workflow/{(await start(contract, 'review', {'title': 'Emma'})).workflow_id}"
    for number in range(5):
        await _send(contract, f"{path}/signal/comment", str(number))

    assert await _comments(contract, path) == ["0", "1", "2", "3", "4"]
    await contract.post(f"{path}/terminate")


async def test_a_query_answers_the_handlers_value_as_is(contract: AsyncClient, review: str) -> None:
    value: JsonValue = {"digits": 123456789012345678901234567890, "nested": [None, True, 0.1, "ü😀"]}
    reply = await _send(contract, f"{review}/query/echo", value)

    assert (reply.status_code, reply.json()) == (200, value)


async def test_a_handler_without_a_result_answers_null(contract: AsyncClient, review: str) -> None:
    assert (await contract.post(f"{review}/query/nothing")).text == "null"
    assert (await contract.post(f"{review}/update/forget")).text == "null"


async def test_an_update_answers_once_the_workflow_has_processed_it(contract: AsyncClient, review: str) -> None:
    changed = await _send(contract, f"{review}/update/set_threshold", 3)
    measured = await contract.post(f"{review}/update/measure_title")

    assert (changed.status_code, changed.json()) == (200, 0.8)
    assert measured.json() == len("Moby Dick")
    assert (await contract.post(f"{review}/query/status")).json()["threshold"] == 3


async def test_payloads_are_checked_before_the_engine_is_asked_and_every_fault_is_listed(
    contract: AsyncClient, review: str
) -> None:
    wrong = await _send(contract, f"{review}/signal/comment", 7)
    missing = await contract.post(f"{review}/update/set_threshold")
    several = await _send(contract, f"{review}/query/between", {"first": "a", "last": "b"})

    assert [(reply.status_code, reply.json()["error"]) for reply in (wrong, missing, several)] == [
        (400, "ValidationError")
    ] * 3
    assert [issue["path"] for issue in wrong.json()["issues"]] == ["payload"]
    assert [issue["code"] for issue in missing.json()["issues"]] == ["missing"]
    assert {issue["path"] for issue in several.json()["issues"]} == {"payload.first", "payload.last"}
    assert await _comments(contract, review) == []


@pytest.mark.parametrize("kind", ["signal", "query", "update"])
async def test_an_unknown_handler_is_a_404_that_names_what_there_is(
    contract: AsyncClient, review: str, kind: str
) -> None:
    reply = await contract.post(f"{review}/{kind}/nope")

    assert (reply.status_code, reply.json()["error"]) == (404, "HandlerNotFoundError")
    known = {"signal": "comment", "query": "status", "update": "set_threshold"}[kind]
    assert f"'{known}'" in reply.json()["message"]


async def test_a_workflow_without_handlers_says_that_it_has_none(contract: AsyncClient) -> None:
    ids = await start(contract, "endless")
    reply = await contract.post(f"/workflow/{ids.workflow_id}/query/status")

    assert (reply.status_code, reply.json()["error"]) == (404, "HandlerNotFoundError")
    assert "it has none" in reply.json()["message"]
    await contract.post(f"/workflow/{ids.workflow_id}/terminate")


async def test_a_query_handler_that_raises_is_a_422_with_its_own_name_and_message(
    contract: AsyncClient, review: str
) -> None:
    reply = await contract.post(f"{review}/query/broken")

    assert (reply.status_code, reply.json()["error"]) == (422, "HandlerFailedError")
    assert reply.json()["message"] == "LookupError: no such page: 7"
    assert reply.json()["cause"] == {"name": "LookupError", "message": "no such page: 7"}


async def test_an_update_handler_that_raises_is_a_422_with_its_own_name_and_message(
    contract: AsyncClient, review: str
) -> None:
    reply = await _send(contract, f"{review}/update/fail", "out of ink")

    assert (reply.status_code, reply.json()["error"]) == (422, "HandlerFailedError")
    assert reply.json()["cause"] == {"name": "RuntimeError", "message": "out of ink"}


async def test_an_update_that_a_validator_rejects_is_a_422_and_changes_nothing(
    contract: AsyncClient, review: str
) -> None:
    reply = await _send(contract, f"{review}/update/set_threshold", 30)

    assert (reply.status_code, reply.json()["error"]) == (422, "HandlerFailedError")
    assert reply.json()["cause"] == {"name": "OutOfRangeError", "message": "30.0 is not between 0 and 10"}
    assert (await contract.post(f"{review}/query/status")).json()["threshold"] == 0.8


async def test_a_closed_run_answers_queries_and_refuses_signals_and_updates_with_409(
    contract: AsyncClient, review: str
) -> None:
    await contract.post(f"{review}/signal/close")
    assert (await contract.get(f"{review}/result", params={"wait": 20})).json()["status"] == "completed"

    asked = await contract.post(f"{review}/query/status")
    refused = [await contract.post(f"{review}/{rest}") for rest in ("signal/nudge", "update/forget", "feedback")]

    assert asked.json()["title"] == "Moby Dick"
    assert [(reply.status_code, reply.json()["error"]) for reply in refused] == [
        (409, "WorkflowAlreadyClosedError")
    ] * 3
    assert all("runId" in reply.json() for reply in refused)


@pytest.mark.parametrize("rest", ["signal/x", "query/x", "update/x", "feedback"])
async def test_a_message_to_an_unknown_workflow_is_a_404(contract: AsyncClient, rest: str) -> None:
    reply = await contract.post(f"/workflow/nobody/{rest}")

    assert (reply.status_code, reply.json()["error"]) == (404, "WorkflowNotFoundError")


async def test_feedback_to_a_workflow_that_can_have_no_wait_is_a_409(contract: AsyncClient, review: str) -> None:
    reply = await contract.post(f"{review}/feedback", json={"payload": {"ok": True}, "token": "t"})

    assert (reply.status_code, reply.json()["error"]) == (409, "NothingAwaitedError")
    assert "'review' awaits no feedback" in reply.json()["message"]


@pytest.mark.parametrize("payload", [{"granted": True}, None, 10**30])
async def test_feedback_resumes_a_workflow_that_awaits_a_webhook_with_its_payload(
    contract: AsyncClient, contract_url: str, payload: JsonValue
) -> None:
    ids = await start(contract, "approval", f"{contract_url}/heartbeat")
    path = f"/workflow/{ids.workflow_id}"
    body = {} if payload is None else {"payload": payload}
    fed = await contract.post(f"{path}/feedback", json=body)
    result = (await contract.get(f"{path}/result", params={"wait": 20})).json()

    assert (fed.status_code, fed.json()) == (200, {})
    assert (result["status"], result["output"]) == ("completed", payload)


async def test_messages_always_go_to_the_latest_run(contract: AsyncClient, review: str) -> None:
    run_id = (await contract.get(f"{review}/status")).json()["runId"]
    for rest in ("signal/nudge", "query/status", "update/forget", "feedback"):
        assert (await contract.post(f"{review}/runs/{run_id}/{rest}")).status_code == 404


async def test_a_handlers_name_and_a_workflows_id_may_need_encoding(contract: AsyncClient) -> None:
    workflow_id = f"a/b c%2F?#ü/{new_id('x')}"
    ids = await start(contract, "review", {"title": "T"}, workflow_id=workflow_id)
    path = "/workflow/" + _encode(workflow_id)

    status = await contract.get(f"{path}/runs/{ids.run_id}/status")
    unknown = await contract.post(f"{path}/signal/{_encode('a/b')}")

    assert status.json()["workflowId"] == workflow_id
    assert "'a/b'" in unknown.json()["message"]
    assert (await contract.post(f"{path}/terminate")).json()["workflowId"] == workflow_id


def _encode(segment: str) -> str:
    return "".join(f"%{byte:02X}" for byte in segment.encode())
