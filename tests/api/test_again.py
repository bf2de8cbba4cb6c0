"""A run is redone from its start or its failure, looked at before that, or its workflow started again."""

from __future__ import annotations

from pathlib import Path

from httpx import AsyncClient

from tests.support.starting import new_id, start


async def ended(contract: AsyncClient, workflow_id: str) -> dict[str, object]:
    reply = await contract.get(f"/workflow/{workflow_id}/result?wait=60")
    assert reply.status_code == 200, reply.text
    found: dict[str, object] = reply.json()
    return found


async def test_a_run_that_failed_in_its_first_step_is_tried_again(contract: AsyncClient, tmp_path: Path) -> None:
    run = await start(contract, "fragile", str(tmp_path))
    failed = await ended(contract, run.workflow_id)
    path = f"/workflow/{run.workflow_id}/reset"
    preview = await contract.post(path, json={"to": "firstFailure", "preview": True})
    (tmp_path / "mended").touch()
    again = await contract.post(path, json={"to": "firstFailure"})
    result = await ended(contract, run.workflow_id)

    assert failed["status"] == "failed"
    assert preview.json() == {"keeps": [], "redoes": ["break_or_not"], "drops": []}
    assert (again.status_code, again.json()["workflowId"]) == (200, run.workflow_id)
    assert (result["status"], result["output"], result["runId"]) == ("completed", "whole", again.json()["runId"])


async def test_a_run_is_redone_from_its_start(contract: AsyncClient) -> None:
    run = await start(contract, "mirror", [1, 2])
    first = await ended(contract, run.workflow_id)
    path = f"/workflow/{run.workflow_id}/reset"
    preview = await contract.post(path, json={"to": "start", "preview": True})
    unchanged = await ended(contract, run.workflow_id)
    again = await contract.post(path, json={"to": "start"})
    result = await ended(contract, run.workflow_id)

    assert preview.json() == {"keeps": [], "redoes": ["pass_on"], "drops": []}
    assert unchanged == first
    assert again.json()["runId"] != run.run_id
    assert (result["output"], result["runId"]) == ([1, 2], again.json()["runId"])


async def test_what_cannot_be_redone_is_told(contract: AsyncClient) -> None:
    run = await start(contract, "mirror", 1)
    await ended(contract, run.workflow_id)
    path = f"/workflow/{run.workflow_id}/reset"
    well = await contract.post(path, json={"to": "firstFailure"})
    both = await contract.post(path, json={"to": "start", "stepName": "pass_on"})
    neither = await contract.post(path, json={"preview": True})
    elsewhere = await contract.post(path, json={"to": "end"})

    assert (well.status_code, well.json()["error"]) == (409, "NothingToResetError")
    assert {reply.status_code for reply in (both, neither, elsewhere)} == {400}


async def test_a_workflow_is_started_again_with_the_same_or_another_input(contract: AsyncClient) -> None:
    body = {"workflowName": "mirror", "input": {"a": 1}, "tags": ["kept"], "workflowId": new_id("first")}
    first = (await contract.post("/workflow/run", json=body)).json()
    path = f"/workflow/{first['workflowId']}/rerun"
    same = (await contract.post(path)).json()
    own_id = new_id("own")
    other = (await contract.post(path, json={"input": None, "workflowId": own_id})).json()
    taken = await contract.post(path, json={"workflowId": own_id})
    results = [await ended(contract, each["workflowId"]) for each in (same, other)]
    gone = await contract.post("/workflow/no-such-run/rerun")

    assert same["workflowId"] != first["workflowId"]
    assert (results[0]["input"], results[0]["output"]) == ({"a": 1}, {"a": 1})
    assert (other["workflowId"], results[1]["input"]) == (own_id, None)
    assert taken.status_code in {200, 409}
    assert gone.status_code == 404
