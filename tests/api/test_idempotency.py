"""One `Idempotency-Key` with one body is one run, however often, at once, and after whatever has happened."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import httpx
import pytest
from httpx import AsyncClient
from pydantic import JsonValue

from tests.support.contract import CONTRACT
from tests.support.processes import Process
from tests.support.servers import start_api, start_worker
from tests.support.starting import new_id

Json = dict[str, JsonValue]


def key() -> dict[str, str]:
    return {"Idempotency-Key": f"key {uuid.uuid4()}"}


async def test_the_same_key_and_body_again_is_the_same_run(contract: AsyncClient) -> None:
    headers, body = key(), {"workflowName": "review", "input": {"title": "Emma"}}
    first = await contract.post("/workflow/start", json=body, headers=headers)
    again = await contract.post("/workflow/start", json=dict(reversed(body.items())), headers=headers)
    other = await contract.post("/workflow/start", json={**body, "input": {"title": "Ann"}}, headers=headers)
    another_workflow = await contract.post("/workflow/start", json={"workflowName": "endless"}, headers=headers)
    await contract.post(f"/workflow/{first.json()['workflowId']}/terminate")
    after_its_end = await contract.post("/workflow/start", json=body, headers=headers)

    assert (first.status_code, first.headers.get("Idempotent-Replay")) == (200, None)
    for replayed in (again, after_its_end):
        assert (replayed.status_code, replayed.json()) == (200, first.json())
        assert replayed.headers["Idempotent-Replay"] == "true"
    for refused in (other, another_workflow):
        assert (refused.status_code, refused.json()["error"]) == (422, "IdempotencyKeyReusedError")
        assert refused.json()["workflowId"] == first.json()["workflowId"]


async def test_run_answers_the_first_ones_result_again(contract: AsyncClient) -> None:
    headers, body = key(), {"workflowName": "mirror", "input": {"name": "Ann"}}
    first = await contract.post("/workflow/run", json=body, headers=headers)
    again = await contract.post("/workflow/run", json=body, headers=headers)

    assert first.json()["status"] == "completed", first.text
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["Idempotent-Replay"] == "true"


@pytest.mark.parametrize("policy", ["fail", "use_existing", "terminate_existing"])
@pytest.mark.parametrize("closed_before", [False, True])
async def test_an_id_of_the_callers_own_is_used_once_for_each_key(
    contract: AsyncClient, policy: str, closed_before: bool
) -> None:
    workflow_id, headers = new_id("keyed"), key()
    if closed_before:
        await contract.post("/workflow/start", json={"workflowName": "endless", "workflowId": workflow_id})
        await contract.post(f"/workflow/{workflow_id}/terminate")
    body: Json = {"workflowName": "endless", "workflowId": workflow_id, "conflictPolicy": policy}
    first = await contract.post("/workflow/start", json=body, headers=headers)
    again = await contract.post("/workflow/start", json=body, headers=headers)
    another_key = await contract.post("/workflow/start", json=body, headers=key())
    await contract.post(f"/workflow/{workflow_id}/terminate")
    ended = await contract.post("/workflow/start", json=body, headers=headers) if policy == "fail" else None

    assert (again.json(), again.headers.get("Idempotent-Replay")) == (first.json(), "true")
    expected = {"fail": (409, True), "use_existing": (200, True), "terminate_existing": (200, False)}[policy]
    assert (another_key.status_code, another_key.json()["runId"] == first.json()["runId"]) == expected
    assert "Idempotent-Replay" not in another_key.headers
    if ended is not None:
        assert (ended.json(), ended.headers.get("Idempotent-Replay")) == (first.json(), "true")


@pytest.mark.parametrize("named", [False, True])
async def test_a_hundred_racing_requests_start_one_run(contract: AsyncClient, named: bool) -> None:
    headers, body = key(), {"workflowName": "mirror", "input": {"name": "Ann"}}
    if named:
        body["workflowId"] = new_id("raced")
    replies = await asyncio.gather(*(contract.post("/workflow/start", json=body, headers=headers) for _ in range(100)))

    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.json()["runId"] for reply in replies}) == 1
    assert sum("Idempotent-Replay" not in reply.headers for reply in replies) == 1


@pytest.mark.parametrize("bad", ["", "x" * 256, "a\tb"])
async def test_a_key_that_is_none_is_a_400(contract: AsyncClient, bad: str) -> None:
    reply = await contract.post("/workflow/start", json={"workflowName": "mirror"}, headers={"Idempotency-Key": bad})

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
    assert reply.json()["issues"][0]["path"] == "Idempotency-Key"


async def test_who_asks_another_server_after_a_kill_gets_the_same_run(
    engine_address: str, tmp_path: Path, processes: list[Process]
) -> None:
    variables = {"OUTPUT_CATALOG_ID": "idempotent-kill"}
    processes.append(start_worker(tmp_path, engine_address, CONTRACT, **variables))
    servers = [start_api(tmp_path, engine_address, **variables) for _ in range(2)]
    processes += [process for process, _ in servers]
    async with AsyncClient(base_url=servers[1][1], timeout=60) as survivor:
        body = {"workflowName": "mirror", "input": "Ann"}
        keys = [key() for _ in range(20)]
        async with AsyncClient(base_url=servers[0][1], timeout=60) as doomed:
            sent = [
                asyncio.ensure_future(doomed.post("/workflow/start", json=body, headers=headers)) for headers in keys
            ]
            await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
            servers[0][0].kill()
            answered = await asyncio.gather(*sent, return_exceptions=True)
        again = [await survivor.post("/workflow/start", json=body, headers=headers) for headers in keys]
        once_more = [await survivor.post("/workflow/start", json=body, headers=headers) for headers in keys]

    assert [reply.json() for reply in again] == [reply.json() for reply in once_more]
    for first, second in zip(answered, again, strict=True):
        if isinstance(first, httpx.Response) and first.status_code == 200:
            assert second.json() == first.json()
            assert second.headers["Idempotent-Replay"] == "true"
