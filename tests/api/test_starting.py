"""Starting and running, row by row of the contract."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import httpx
import pytest
from httpx import AsyncClient
from pydantic import JsonValue
from starlette.types import Message

from output.api.app import build_app
from output.config.settings import ApiSettings, load
from output.engine.connection import connect
from tests.support.starting import new_id, start
from tests.support.waiting import eventually

Json = dict[str, JsonValue]


async def _run(api: AsyncClient, **body: JsonValue) -> httpx.Response:
    return await api.post("/workflow/run", json=body)


async def test_an_id_that_is_running_is_a_409_that_carries_the_running_run(contract: AsyncClient) -> None:
    ids = await start(contract, "endless")
    for path in ("start", "run"):
        reply = await contract.post(
            f"/workflow/{path}", json={"workflowName": "endless", "workflowId": ids.workflow_id}
        )
        assert (reply.status_code, reply.json()["error"]) == (409, "WorkflowAlreadyStartedError")
        assert (reply.json()["workflowId"], reply.json()["runId"]) == (ids.workflow_id, ids.run_id)
    await contract.post(f"/workflow/{ids.workflow_id}/terminate")


async def test_an_execution_has_no_time_out_unless_somebody_gives_one(
    contract: AsyncClient, engine_address: str
) -> None:
    ids = await start(contract, "endless")
    engine = await connect(load(ApiSettings, address=engine_address))
    found = await engine.client.get_workflow_handle(ids.workflow_id).describe()
    config = found.raw_description.execution_config
    await contract.post(f"/workflow/{ids.workflow_id}/terminate")

    assert config.workflow_execution_timeout.ToSeconds() == 0
    assert config.workflow_run_timeout.ToSeconds() == 0


async def test_use_existing_attaches_and_run_waits_for_the_others_result(contract: AsyncClient) -> None:
    ids = await start(contract, "review", {"title": "Emma"})
    body: Json = {"workflowName": "review", "workflowId": ids.workflow_id, "conflictPolicy": "use_existing"}
    attached = await contract.post("/workflow/start", json={**body, "input": {"title": "other"}})
    waiting = asyncio.create_task(_run(contract, **body, input={"title": "other"}))
    for _ in range(50):  # meanwhile the request is with the server, which cannot be seen from outside
        await contract.get(f"/workflow/{ids.workflow_id}/status")
    await contract.post(f"/workflow/{ids.workflow_id}/signal/close")
    result = (await waiting).json()

    assert attached.json()["runId"] == ids.run_id
    assert (result["runId"], result["input"], result["output"]["title"]) == (ids.run_id, {"title": "Emma"}, "Emma")


async def test_terminate_existing_replaces_the_running_one(contract: AsyncClient) -> None:
    ids = await start(contract, "endless")
    body: Json = {"workflowName": "mirror", "workflowId": ids.workflow_id, "conflictPolicy": "terminate_existing"}
    result = (await _run(contract, **body, input=1)).json()

    assert (result["status"], result["output"]) == ("completed", 1)
    assert result["runId"] != ids.run_id
    old = await contract.get(f"/workflow/{ids.workflow_id}/runs/{ids.run_id}/status")
    assert old.json()["status"] == "terminated"


async def test_a_closed_id_may_be_used_again(contract: AsyncClient) -> None:
    workflow_id = new_id("again")
    first = (await _run(contract, workflowName="mirror", workflowId=workflow_id, input=1)).json()
    second = (await _run(contract, workflowName="mirror", workflowId=workflow_id, input=2)).json()

    assert (first["output"], second["output"]) == (1, 2)
    assert first["runId"] != second["runId"]


async def test_run_follows_continue_as_new_to_the_end(contract: AsyncClient) -> None:
    result = (await _run(contract, workflowName="countdown", input=2)).json()
    given = await contract.get(f"/workflow/{result['workflowId']}/input")
    pinned = await contract.get(f"/workflow/{result['workflowId']}/runs/{result['runId']}/input")

    assert (result["status"], result["output"]) == ("completed", 0)
    assert (given.json()["input"], pinned.json()["input"]) == (2, 0)


async def test_a_timeout_out_of_bounds_is_a_400(contract: AsyncClient) -> None:
    for timeout in (249, 0, -1, 300_001, "300", True, 300.5):
        reply = await _run(contract, workflowName="mirror", timeout=timeout)
        assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError"), timeout
        assert [issue["path"] for issue in reply.json()["issues"]] == ["timeout"]


async def test_run_that_waited_its_time_is_a_408_with_ids_and_the_workflow_goes_on(contract: AsyncClient) -> None:
    reply = await _run(contract, workflowName="endless", timeout=250)
    body = reply.json()

    assert (reply.status_code, body["error"]) == (408, "WorkflowExecutionTimedOutError")
    status = await contract.get(f"/workflow/{body['workflowId']}/runs/{body['runId']}/status")
    assert status.json()["status"] == "running"
    await contract.post(f"/workflow/{body['workflowId']}/terminate")


async def test_task_queue_is_a_deprecated_alias_of_catalog(contract: AsyncClient) -> None:
    old = await _run(contract, workflowName="mirror", taskQueue="contract")
    new = await _run(contract, workflowName="mirror", catalog="contract")
    failed = await _run(contract, workflowName="mirorr", taskQueue="contract")
    both = await _run(contract, workflowName="mirror", taskQueue="contract", catalog="other")

    assert old.status_code == new.status_code == 200
    assert old.headers["deprecation"].startswith("@")
    assert 'rel="deprecation"' in old.headers["link"]
    assert failed.status_code == 404
    assert "deprecation" in failed.headers
    assert "deprecation" not in new.headers
    assert both.status_code == 400


async def test_an_alias_starts_the_workflow_and_near_names_are_offered(contract: AsyncClient) -> None:
    aliased = await _run(contract, workflowName="looking_glass", input=1)
    unknown = await _run(contract, workflowName="mirorr")

    assert aliased.json()["output"] == 1
    assert (unknown.status_code, unknown.json()["error"]) == (404, "WorkflowNotFoundError")
    assert "'mirror'" in unknown.json()["message"]


async def test_a_client_that_leaves_frees_what_waited_for_it_and_leaves_the_workflow_alone(
    contract: AsyncClient, engine_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", engine_address)
    monkeypatch.setenv("OUTPUT_CATALOG_ID", "contract")
    settings = load(ApiSettings)
    app = build_app(settings, await connect(settings, lazy=True))
    workflow_id = new_id("left")
    body = b'{"workflowName":"endless","workflowId":"%s"}' % workflow_id.encode()
    leaving = asyncio.Event()
    received: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not received:
            await leaving.wait()
            return {"type": "http.disconnect"}
        return received.pop()

    async def send(message: Message) -> None:
        raise AssertionError(f"nobody is there to read {message}")

    before = asyncio.all_tasks()
    headers = [(b"content-type", b"application/json"), (b"host", b"localhost")]
    scope = {
        "type": "http", "method": "POST", "path": "/workflow/run", "raw_path": b"/workflow/run", "headers": headers,
        "query_string": b"", "scheme": "http", "server": ("x", 1), "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    serving = asyncio.create_task(app(scope, receive, send))

    async def is_running() -> bool:
        if serving.done():
            serving.result()
        return (await contract.get(f"/workflow/{workflow_id}/status")).status_code == 200

    await eventually(is_running, "the start")
    leaving.set()
    await asyncio.wait_for(serving, 20)

    async def is_free() -> bool:
        return asyncio.all_tasks() <= before

    await eventually(is_free, "the end of what waited")
    status = await contract.get(f"/workflow/{workflow_id}/status")
    assert status.json()["status"] == "running"
    await contract.post(f"/workflow/{workflow_id}/terminate")


async def test_every_way_to_end_is_an_answer_with_the_originals_name_and_message(
    contract: AsyncClient, tmp_path: Path
) -> None:
    expected: list[tuple[str, JsonValue, str, str]] = [
        ("too_far", 3, "TooFarError", "3 is too far"),
        ("lost", None, "LostError", "the way was lost"),
        ("stay", {"first": 3, "last": 1}, "ValidationError", "a stay cannot end before it begins"),
    ]
    for name, value, error_name, message in expected:
        reply = await _run(contract, workflowName=name, input=value)
        result = cast("Json", reply.json())
        error = cast("Json", result["error"])
        assert (reply.status_code, result["status"], result["output"]) == (200, "failed", None)
        assert error["name"] == error_name
        assert message in cast("str", error["message"])
        assert "Traceback" not in reply.text
    timed_out = (await _run(contract, workflowName="short_lived")).json()
    assert (timed_out["status"], timed_out["error"]["name"]) == ("timed_out", "TimeoutError")


async def test_the_failing_step_is_named_as_its_activity_type(contract: AsyncClient) -> None:
    result = (await _run(contract, workflowName="lost")).json()

    assert result["error"]["activityType"] == "lost#lose"
