"""Stop, terminate and reset, row by row of the contract."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from httpx import AsyncClient
from pydantic import JsonValue

from output.models.runs import RunIds
from tests.support.starting import new_id, start
from tests.support.waiting import eventually

NO_RUN = "00000000-0000-4000-8000-000000000000"


def _paths(ids: RunIds, *, pinned: bool) -> str:
    return f"/workflow/{ids.workflow_id}" + (f"/runs/{ids.run_id}" if pinned else "")


@pytest.mark.parametrize("pinned", [False, True])
async def test_stop_asks_for_cancellation_and_clean_up_steps_still_run(
    contract: AsyncClient, tmp_path: Path, pinned: bool
) -> None:
    ids = await start(contract, "tidy", str(tmp_path))
    reply = await contract.patch(f"{_paths(ids, pinned=pinned)}/stop")
    result = await contract.get(f"{_paths(ids, pinned=True)}/result", params={"wait": 20})

    assert (reply.status_code, reply.json()) == (200, {"workflowId": ids.workflow_id, "runId": ids.run_id})
    assert result.json()["status"] == "canceled"
    assert (tmp_path / "clean").exists()


async def test_how_a_stopped_run_ends_is_the_workflows_choice(contract: AsyncClient, tmp_path: Path) -> None:
    ids = await start(contract, "stubborn", str(tmp_path))
    await contract.patch(f"{_paths(ids, pinned=False)}/stop")
    result = (await contract.get(f"{_paths(ids, pinned=False)}/result", params={"wait": 20})).json()

    assert (result["status"], result["output"]) == ("completed", "as it pleases")
    assert (tmp_path / "clean").exists()


@pytest.mark.parametrize("pinned", [False, True])
async def test_stop_on_a_closed_run_is_a_200(contract: AsyncClient, pinned: bool) -> None:
    ids = await _closed(contract)
    reply = await contract.patch(f"{_paths(ids, pinned=pinned)}/stop")

    assert (reply.status_code, reply.json()["runId"]) == (200, ids.run_id)


@pytest.mark.parametrize("pinned", [False, True])
async def test_terminate_ends_a_run_at_once_without_clean_up(
    contract: AsyncClient, tmp_path: Path, pinned: bool
) -> None:
    ids = await start(contract, "tidy", str(tmp_path))
    reply = await contract.post(f"{_paths(ids, pinned=pinned)}/terminate", json={"reason": "enough is enough"})
    result = (await contract.get(f"{_paths(ids, pinned=True)}/result")).json()

    assert (reply.status_code, reply.json()) == (
        200,
        {"terminated": True, "workflowId": ids.workflow_id, "runId": ids.run_id},
    )
    assert (result["status"], result["error"]["message"]) == ("terminated", "enough is enough")
    assert not (tmp_path / "clean").exists()


@pytest.mark.parametrize("body", [b"", b"{}", b'{"reason":null}'])
async def test_terminate_needs_no_reason(contract: AsyncClient, body: bytes) -> None:
    ids = await start(contract, "endless")
    headers = {"content-type": "application/json"}
    reply = await contract.post(f"{_paths(ids, pinned=False)}/terminate", content=body, headers=headers)

    assert reply.status_code == 200


@pytest.mark.parametrize("pinned", [False, True])
async def test_terminate_on_a_closed_run_is_a_409(contract: AsyncClient, pinned: bool) -> None:
    ids = await _closed(contract)
    reply = await contract.post(f"{_paths(ids, pinned=pinned)}/terminate")

    assert (reply.status_code, reply.json()["error"]) == (409, "WorkflowAlreadyClosedError")
    assert reply.json()["runId"] == ids.run_id


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [("PATCH", "stop", None), ("POST", "terminate", None), ("POST", "reset", {"stepName": "prepare"})],
)
async def test_control_of_an_unknown_workflow_or_run_is_a_404(
    contract: AsyncClient, method: str, rest: str, body: JsonValue
) -> None:
    ids = await start(contract, "endless")
    for path in ("/workflow/nobody", f"/workflow/nobody/runs/{NO_RUN}", f"/workflow/{ids.workflow_id}/runs/{NO_RUN}"):
        reply = await contract.request(method, f"{path}/{rest}", json=body)
        assert (reply.status_code, reply.json()["error"]) == (404, "WorkflowNotFoundError"), path
    await contract.post(f"/workflow/{ids.workflow_id}/terminate")


@pytest.mark.parametrize("step_name", ["log_visit", "pipeline#log_visit"])
@pytest.mark.parametrize("pinned", [False, True])
async def test_reset_keeps_all_up_to_the_steps_last_completion_and_redoes_what_follows(
    contract: AsyncClient, tmp_path: Path, step_name: str, pinned: bool
) -> None:
    ids = await _at_the_gate(contract, tmp_path, "rome", "oslo")
    reply = await contract.post(
        f"{_paths(ids, pinned=pinned)}/reset", json={"stepName": step_name, "reason": "once more"}
    )
    new = RunIds.model_validate(reply.json())
    await contract.post(f"{_paths(new, pinned=False)}/signal/open")
    result = (await contract.get(f"{_paths(new, pinned=True)}/result", params={"wait": 20})).json()

    assert reply.status_code == 200
    assert new.run_id != ids.run_id
    assert result["output"] == ["prepared", "rome", "oslo", "StepError", "finished"]
    assert sorted(_visits(tmp_path)) == ["finish", "oslo", "prepare", "refuse", "refuse", "rome"]
    assert (await contract.get(f"{_paths(ids, pinned=True)}/status")).json()["status"] == "terminated"


async def test_a_closed_run_and_a_run_that_was_reset_can_be_reset(contract: AsyncClient, tmp_path: Path) -> None:
    ids = await start(contract, "pipeline", {"folder": str(tmp_path), "places": ["rome"], "gated": False})
    await contract.get(f"{_paths(ids, pinned=False)}/result", params={"wait": 20})

    for _ in range(2):
        reply = await contract.post(f"{_paths(ids, pinned=True)}/reset", json={"stepName": "prepare"})
        assert reply.status_code == 200, reply.text
        ids = RunIds.model_validate(reply.json())
        result = await contract.get(f"{_paths(ids, pinned=True)}/result", params={"wait": 20})
        assert result.json()["output"][-1] == "finished"

    assert _visits(tmp_path).count("prepare") == 1
    assert _visits(tmp_path).count("rome") == 3


async def test_reset_to_an_unknown_step_is_a_404_that_names_the_steps_it_ran(
    contract: AsyncClient, tmp_path: Path
) -> None:
    ids = await _at_the_gate(contract, tmp_path, "rome")
    reply = await contract.post(f"{_paths(ids, pinned=False)}/reset", json={"stepName": "finish"})

    assert (reply.status_code, reply.json()["error"]) == (404, "StepNotFoundError")
    assert all(f"'{name}'" in reply.json()["message"] for name in ("prepare", "log_visit", "refuse"))
    await contract.post(f"{_paths(ids, pinned=False)}/terminate")


async def test_reset_to_a_step_that_has_not_completed_is_a_409(contract: AsyncClient, tmp_path: Path) -> None:
    ids = await _at_the_gate(contract, tmp_path, "rome")
    reply = await contract.post(f"{_paths(ids, pinned=False)}/reset", json={"stepName": "refuse"})

    assert (reply.status_code, reply.json()["error"]) == (409, "StepNotCompletedError")
    await contract.post(f"{_paths(ids, pinned=False)}/terminate")


@pytest.mark.parametrize("body", [{}, {"stepName": ""}, {"stepName": 1}, None])
async def test_reset_without_a_step_name_is_a_400(contract: AsyncClient, body: JsonValue) -> None:
    reply = await contract.post("/workflow/nobody/reset", json=body)

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")


async def test_run_follows_across_a_reset_while_it_waits(contract: AsyncClient, tmp_path: Path) -> None:
    workflow_id = new_id("followed")
    value: JsonValue = {"folder": str(tmp_path), "places": ["rome"]}
    body: JsonValue = {"workflowName": "pipeline", "workflowId": workflow_id, "input": value, "timeout": 60_000}
    running = asyncio.create_task(contract.post("/workflow/run", json=body))
    await _until_at_the_gate(contract, workflow_id)

    reset = await contract.post(f"/workflow/{workflow_id}/reset", json={"stepName": "prepare"})
    await contract.post(f"/workflow/{workflow_id}/signal/open")
    result = (await running).json()

    assert (result["status"], result["runId"]) == ("completed", reset.json()["runId"])
    assert result["output"][-1] == "finished"


async def _closed(api: AsyncClient) -> RunIds:
    ids = await start(api, "mirror", 1)
    assert (await api.get(f"{_paths(ids, pinned=True)}/result", params={"wait": 20})).status_code == 200
    return ids


async def _at_the_gate(api: AsyncClient, folder: Path, *places: str) -> RunIds:
    ids = await start(api, "pipeline", {"folder": str(folder), "places": list(places)})
    await _until_at_the_gate(api, ids.workflow_id)
    return ids


async def _until_at_the_gate(api: AsyncClient, workflow_id: str) -> None:
    async def is_there() -> bool:
        reply = await api.get(f"/workflow/{workflow_id}/history", params={"pageSize": 50})
        events = reply.json().get("events", [])
        names = [event["eventTypeName"] for event in events]
        return "ACTIVITY_TASK_FAILED" in names and names[-1] == "WORKFLOW_TASK_COMPLETED"

    await eventually(is_there, "reaching the gate")


def _visits(folder: Path) -> list[str]:
    return (folder / "visits").read_text().split()
