"""Runs by parents, tags and several states, listed and counted."""

from __future__ import annotations

from typing import Any

from httpx import AsyncClient
from pydantic import JsonValue

from tests.support.starting import new_id, start
from tests.support.waiting import eventually

Json = dict[str, JsonValue]
Row = dict[str, Any]


async def listed(contract: AsyncClient, count: int, **query: str | list[str]) -> list[Row]:
    async def look() -> list[Row]:
        reply = await contract.get("/workflow/runs", params=query)
        assert reply.status_code == 200, reply.text
        runs: list[Row] = reply.json()["runs"]
        return runs if len(runs) == count else []

    return await eventually(look, f"{count} runs for {query}")


async def test_tags_are_shown_filtered_by_and_counted(contract: AsyncClient) -> None:
    mark = new_id("mark")
    bodies: list[Json] = [
        {"workflowName": "endless", "tags": [mark, "red"]},
        {"workflowName": "endless", "tags": [mark, "blue"]},
        {"workflowName": "mirror", "input": 1, "tags": [mark, 'say "hi" \\ there']},
    ]
    ids = [(await contract.post("/workflow/start", json=body)).json()["workflowId"] for body in bodies]
    every = await listed(contract, 3, tag=mark)
    red = await listed(contract, 1, tag=[mark, "red"])
    odd = await listed(contract, 1, tag=[mark, 'say "hi" \\ there'])
    await listed(contract, 1, tag=mark, status="completed")
    either = await listed(contract, 3, tag=mark, status=["completed", "running"])
    counted = (await contract.get("/workflow/runs/count", params={"tag": mark, "groupBy": "status"})).json()
    plain = (await contract.get("/workflow/runs/count", params={"tag": mark, "status": "running"})).json()
    for workflow_id in ids[:2]:
        await contract.post(f"/workflow/{workflow_id}/terminate")

    assert {run["workflowId"] for run in every} == {run["workflowId"] for run in either} == set(ids)
    assert (red[0]["workflowId"], red[0]["tags"]) == (ids[0], [mark, "red"])
    assert odd[0]["workflowId"] == ids[2]
    assert all(run["historyLength"] for run in every if run["status"] != "running")
    assert sorted(counted["groups"], key=lambda group: group["value"]) == [
        {"value": "completed", "count": 1},
        {"value": "running", "count": 2},
    ]
    assert (counted["count"], plain) == (3, {"groups": [], "count": 2})


async def test_children_are_told_from_roots(contract: AsyncClient) -> None:
    parent = await start(contract, "family", 2)
    assert (await contract.get(f"/workflow/{parent.workflow_id}/result?wait=60")).status_code == 200
    children = await listed(contract, 2, parent=parent.workflow_id)
    roots = await listed(contract, 1, workflowId=parent.workflow_id, root="true")
    none = (
        await contract.get("/workflow/runs", params={"workflowId": children[0]["workflowId"], "root": "true"})
    ).json()

    assert {(run["parentWorkflowId"], run["parentRunId"]) for run in children} == {(parent.workflow_id, parent.run_id)}
    assert {run["rootWorkflowId"] for run in children} == {parent.workflow_id}
    assert (roots[0]["parentWorkflowId"], roots[0]["rootWorkflowId"]) == (None, parent.workflow_id)
    assert none["runs"] == []


async def test_what_cannot_be_asked_is_a_400(contract: AsyncClient) -> None:
    for query in (
        "?root=maybe",
        "?parents=x",
        "?tag=",
        "?status=running&status=gone",
        "/count?groupBy=tag",
        "/count?limit=5",
    ):
        assert (await contract.get(f"/workflow/runs{query}")).status_code == 400, query
