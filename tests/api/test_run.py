"""Running a workflow over HTTP and reading what came of it."""

from __future__ import annotations

from httpx import AsyncClient

PAGES = {"pages": [{"url": "https://a.example", "text": "to be or not to be"}, {"url": "b", "text": "so"}]}


async def test_run_waits_and_answers_the_result_payload(api: AsyncClient) -> None:
    reply = await api.post("/workflow/run", json={"workflowName": "digest", "input": PAGES})

    assert reply.status_code == 200, reply.text
    payload = reply.json()
    assert payload["status"] == "completed"
    assert payload["output"]["total"] == 7
    assert payload["output"]["counts"][0]["most_common"][:2] == ["to", "be"]
    assert payload["input"] == PAGES
    assert payload["v"] == "2"
    assert payload["error"] is None
    assert payload["workflowId"][0].isalnum()


async def test_start_answers_ids_and_the_result_can_be_waited_for(api: AsyncClient) -> None:
    started = await api.post("/workflow/start", json={"workflowName": "boil_down", "input": PAGES})
    ids = started.json()
    assert set(ids) == {"workflowId", "runId"}

    result = await api.get(f"/workflow/{ids['workflowId']}/result", params={"wait": 30})
    status = await api.get(f"/workflow/{ids['workflowId']}/runs/{ids['runId']}/status")
    given = await api.get(f"/workflow/{ids['workflowId']}/input")

    assert result.json()["output"]["total"] == 7
    assert status.json()["status"] == "completed"
    assert status.json()["completedAt"] >= status.json()["startedAt"]
    assert given.json() == {**ids, "input": PAGES}


async def test_an_input_that_does_not_fit_is_a_400_with_every_fault_and_starts_nothing(api: AsyncClient) -> None:
    body = {"workflowName": "digest", "workflowId": "never-started", "input": {"pages": [{"url": 1}, 2]}}
    reply = await api.post("/workflow/run", json=body)

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
    assert {issue["path"] for issue in reply.json()["issues"]} == {
        "input.pages.0.text",
        "input.pages.0.url",
        "input.pages.1",
    }
    assert (await api.get("/workflow/never-started/status")).status_code == 404


async def test_an_unknown_workflow_is_a_404_that_offers_near_names(api: AsyncClient) -> None:
    reply = await api.post("/workflow/run", json={"workflowName": "digset"})

    assert (reply.status_code, reply.json()["error"]) == (404, "WorkflowNotFoundError")
    assert "'digest'" in reply.json()["message"]
