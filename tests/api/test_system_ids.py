"""IDs of catalogs and of the engine's own workflows are not runs, and nobody can take a catalog away."""

from __future__ import annotations

import pytest
from httpx import AsyncClient

from output.engine.payloads.limits import MAX_PAYLOAD_BYTES

POLICIES = ("fail", "use_existing", "terminate_existing")
IDS = ("$webhook-1", "temporal-sys-scheduler:x", "catalog", "runs")


async def catalog_id(contract: AsyncClient) -> str:
    """The ID that the catalog itself has: its task queue's name."""
    response = await contract.post("/workflow/start", json={"workflowName": "mirror", "input": 1})
    history = await contract.get(f"/workflow/{response.json()['workflowId']}/history")
    return str(history.json()["workflow"]["taskQueue"])


@pytest.mark.parametrize("policy", POLICIES)
async def test_no_start_takes_such_an_id(contract: AsyncClient, policy: str) -> None:
    for workflow_id in (*IDS, await catalog_id(contract)):
        body = {"workflowName": "mirror", "input": 1, "workflowId": workflow_id, "conflictPolicy": policy}
        response = await contract.post("/workflow/start", json=body)

        assert (response.status_code, response.json()["issues"][0]["path"]) == (400, "workflowId")
    assert (await contract.get("/workflow/catalog")).status_code == 200


async def test_no_route_reads_messages_or_steers_the_catalog(contract: AsyncClient) -> None:
    path = f"/workflow/{await catalog_id(contract)}"
    calls = [
        ("GET", "status"), ("GET", "result"), ("GET", "input"), ("GET", "history"), ("GET", "history/stream"),
        ("GET", "trace-log"), ("GET", "pending-steps"), ("PATCH", "stop"), ("POST", "terminate"),
        ("POST", "signal/x"), ("POST", "query/get"), ("POST", "update/x"), ("POST", "feedback"),
    ]  # fmt: skip
    for method, what in calls:
        response = await contract.request(method, f"{path}/{what}", json={} if method == "POST" else None)

        assert (response.status_code, response.json()["error"]) == (404, "WorkflowNotFoundError"), what
    reset = await contract.post(f"{path}/reset", json={"stepName": "x"})
    assert reset.status_code == 404
    assert (await contract.get("/workflow/catalog")).status_code == 200


async def test_a_value_a_little_below_the_engines_limit_is_a_413_before_it_is_asked(contract: AsyncClient) -> None:
    text = "x" * (MAX_PAYLOAD_BYTES - 1)
    response = await contract.post("/workflow/start", json={"workflowName": "mirror", "input": text})

    assert (response.status_code, response.json()["error"]) == (413, "PayloadTooLargeError")
    assert str(MAX_PAYLOAD_BYTES) in response.json()["message"]
