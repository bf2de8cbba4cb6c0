"""What a start may say beside workflow, input and ID: delay, life, reuse, tags, priority; and inputs looked at."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from httpx import AsyncClient
from pydantic import JsonValue
from temporalio.client import Client, WorkflowExecutionDescription

from output.dev import dev_server
from output.engine.tags import TAGS
from tests.support.contract import CONTRACT
from tests.support.histories import connect_to
from tests.support.servers import start_api, start_engine, start_worker
from tests.support.starting import new_id, start

Json = dict[str, JsonValue]


async def described(engine: Client, workflow_id: str) -> WorkflowExecutionDescription:
    return await engine.get_workflow_handle(workflow_id).describe()


async def test_delay_life_tags_and_priority_reach_the_engine(contract: AsyncClient, engine_client: Client) -> None:
    body: Json = {
        "workflowName": "endless",
        "workflowId": new_id("optioned"),
        "startDelay": 3_600_000,
        "executionTimeout": 7_200_000,
        "tags": ["shop", "größe L", "shop"],
        "priority": 2,
    }
    reply = await contract.post("/workflow/start", json=body)
    found = await described(engine_client, str(body["workflowId"]))
    events = (await contract.get(f"/workflow/{body['workflowId']}/history")).json()["events"]
    await contract.post(f"/workflow/{body['workflowId']}/terminate")

    assert reply.status_code == 200, reply.text
    started = found.raw_description.workflow_execution_info
    assert started.execution_time.ToDatetime() - started.start_time.ToDatetime() == timedelta(hours=1)
    life = found.raw_description.execution_config.workflow_execution_timeout.ToTimedelta()
    assert life >= timedelta(hours=2), "from its first task on"
    assert found.typed_search_attributes[TAGS] == ["shop", "größe L"]
    assert started.priority.priority_key == 2
    assert [event["eventTypeName"] for event in events] == ["WORKFLOW_EXECUTION_STARTED"], "its time has not come"


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("startDelay", -1, "startDelay"),
        ("startDelay", 31_536_000_001, "startDelay"),
        ("startDelay", "5", "startDelay"),
        ("executionTimeout", 0, "executionTimeout"),
        ("executionTimeout", True, "executionTimeout"),
        ("priority", 0, "priority"),
        ("priority", 6, "priority"),
        ("tags", ["x"] * 21, "tags"),
        ("tags", ["x" * 65], "tags.0"),
        ("tags", [""], "tags.0"),
        ("tags", "shop", "tags"),
        ("reusePolicy", "never", "reusePolicy"),
    ],
)
async def test_an_option_that_does_not_fit_is_a_400_at_its_place(
    contract: AsyncClient, field: str, value: JsonValue, path: str
) -> None:
    reply = await contract.post("/workflow/start", json={"workflowName": "endless", field: value})

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
    assert path in {issue["path"] for issue in reply.json()["issues"]}


@pytest.mark.parametrize(
    ("policy", "ending", "status"),
    [
        ("allow", "completed", 200),
        ("failed_only", "completed", 409),
        ("failed_only", "terminated", 200),
        ("reject", "terminated", 409),
        ("reject", "completed", 409),
    ],
)
async def test_what_a_closed_run_of_the_id_means(contract: AsyncClient, policy: str, ending: str, status: int) -> None:
    workflow_id = new_id("reused")
    if ending == "completed":
        body: Json = {"workflowName": "mirror", "input": 1, "workflowId": workflow_id}
        assert (await contract.post("/workflow/run", json=body)).status_code == 200
    else:
        await start(contract, "endless", workflow_id=workflow_id)
        await contract.post(f"/workflow/{workflow_id}/terminate")
    reply = await contract.post(
        "/workflow/start", json={"workflowName": "mirror", "workflowId": workflow_id, "reusePolicy": policy}
    )

    assert reply.status_code == status, reply.text
    if status == 409:
        assert reply.json()["error"] == "WorkflowAlreadyStartedError"
        assert (reply.json()["workflowId"], "reusePolicy" in reply.json()["message"]) == (workflow_id, True)


async def test_policies_that_contradict_each_other_are_told(contract: AsyncClient) -> None:
    body = {"workflowName": "mirror", "reusePolicy": "reject", "conflictPolicy": "terminate_existing"}
    reply = await contract.post("/workflow/start", json=body)

    assert reply.status_code == 400
    assert reply.json()["issues"][0]["path"] == "reusePolicy"


async def test_an_input_is_looked_at_without_a_start(contract: AsyncClient) -> None:
    fine = await contract.post("/workflow/validate", json={"workflowName": "countdown", "input": 3})
    wrong = await contract.post("/workflow/validate", json={"workflowName": "review", "input": {"title": 5}})
    unknown = await contract.post("/workflow/validate", json={"workflowName": "no_such", "input": 3})

    assert (fine.status_code, fine.json()) == (200, {"valid": True, "issues": []})
    assert (wrong.status_code, wrong.json()["valid"]) == (200, False)
    assert wrong.json()["issues"][0]["pointer"] == "/input/title"
    assert (unknown.status_code, unknown.json()["error"]) == (404, "WorkflowNotFoundError")


async def test_a_namespace_that_does_not_know_tags_is_taught_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = dev_server.FLAGS.index("--search-attribute")
    monkeypatch.setattr(dev_server, "FLAGS", (*dev_server.FLAGS[:at], *dev_server.FLAGS[at + 2 :]))
    engine, address = start_engine(tmp_path)
    worker = start_worker(tmp_path, address, CONTRACT)
    server, url = start_api(tmp_path, address)
    try:
        async with AsyncClient(base_url=url, timeout=60) as client:
            body: Json = {"workflowName": "mirror", "workflowId": "taught", "tags": ["a"]}
            reply = await client.post("/workflow/start", json=body)
        found = await described(await connect_to(address), "taught")
    finally:
        for process in (server, worker, engine):
            process.kill()

    assert reply.status_code == 200, reply.text
    assert found.typed_search_attributes[TAGS] == ["a"]
