"""The listing of runs, row by row of the contract."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime

import pytest
from httpx import AsyncClient

from tests.support.starting import new_id, start
from tests.support.waiting import eventually

CATALOG = "contract"
NAMES = ('quote " and \\ slash', "it's; DROP--", "x' OR 1=1 OR '", 'y" OR WorkflowId != "', "new\nline\t`%_")

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


async def _ids(api: AsyncClient, **filters: str | int) -> list[str]:
    reply = await api.get("/workflow/runs", params=filters)
    assert reply.status_code == 200, reply.text
    assert reply.json()["count"] == len(reply.json()["runs"])
    return [run["workflowId"] for run in reply.json()["runs"]]


async def test_filters_by_type_status_id_and_catalog_all_hold_at_once(contract: AsyncClient) -> None:
    done, waiting = await start(contract, "mirror", 1), await start(contract, "endless")

    async def is_listed() -> bool:
        closed = await _ids(contract, workflowId=done.workflow_id, status="completed", workflowType="mirror")
        running = await _ids(contract, workflowId=waiting.workflow_id, status="running", catalog=CATALOG)
        return closed == [done.workflow_id] and running == [waiting.workflow_id]

    await eventually(is_listed, "the listing")
    assert await _ids(contract, workflowId=waiting.workflow_id, status="completed") == []
    assert await _ids(contract, workflowId=waiting.workflow_id, workflowType="mirror") == []
    assert await _ids(contract, workflowId=waiting.workflow_id, catalog="elsewhere") == []
    await contract.patch(f"/workflow/{waiting.workflow_id}/stop")


async def test_a_run_is_listed_with_its_ids_type_status_and_times(contract: AsyncClient) -> None:
    before = int(time.time() * 1000)
    ids = await start(contract, "mirror", 1)
    await contract.get(f"/workflow/{ids.workflow_id}/result", params={"wait": 20})

    async def is_closed() -> bool:
        return bool(await _ids(contract, workflowId=ids.workflow_id, status="completed"))

    await eventually(is_closed, "the end in the listing")
    (run,) = (await contract.get("/workflow/runs", params={"workflowId": ids.workflow_id})).json()["runs"]

    assert set(run) == {
        *("workflowId", "runId", "workflowType", "status", "startedAt", "completedAt", "problem"),
        *("parentWorkflowId", "parentRunId", "rootWorkflowId", "tags", "historyLength"),
    }
    assert (run["runId"], run["workflowType"]) == (ids.run_id, "mirror")
    started, completed = (datetime.fromisoformat(run[name]) for name in ("startedAt", "completedAt"))
    assert before - 1_000 <= started.timestamp() * 1000 <= completed.timestamp() * 1000
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", run[name]) for name in ("startedAt", "completedAt")
    )


async def test_pages_have_their_exact_size_and_hold_every_run_once(contract: AsyncClient) -> None:
    workflow_id = new_id("many")
    for _ in range(7):
        ids = await start(contract, "endless", workflow_id=workflow_id)
        await contract.post(f"/workflow/{ids.workflow_id}/terminate")

    async def are_listed() -> bool:
        return len(await _ids(contract, workflowId=workflow_id, status="terminated")) == 7

    await eventually(are_listed, "all runs in the listing")
    for limit, sizes in ((3, [3, 3, 1]), (7, [7]), (1000, [7])):
        found: list[list[str]] = []
        token: str | None = None
        while token is not None or not found:
            query = {"workflowId": workflow_id, "limit": limit} | ({"pageToken": token} if token else {})
            page = (await contract.get("/workflow/runs", params=query)).json()
            found.append([run["runId"] for run in page["runs"]])
            token = page["nextPageToken"]
        assert [len(page) for page in found] == sizes
        assert len({run_id for page in found for run_id in page}) == 7


async def test_started_after_and_before_take_iso_and_milliseconds(contract: AsyncClient) -> None:
    ids = await start(contract, "mirror", 1)

    async def is_listed() -> bool:
        return bool(await _ids(contract, workflowId=ids.workflow_id))

    await eventually(is_listed, "the listing")
    status = await contract.get(f"/workflow/{ids.workflow_id}/status")
    at: int = status.json()["startedAt"]
    for shift, expected in ((-1_000, [ids.workflow_id]), (1_000, [])):
        moment = datetime.fromtimestamp((at + shift) / 1000, UTC)
        for text in (at + shift, moment.isoformat(), moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")):
            assert await _ids(contract, workflowId=ids.workflow_id, startedAfter=text) == expected
    window: dict[str, str | int] = {"workflowId": ids.workflow_id, "startedAfter": at - 1, "startedBefore": at + 1_000}
    assert await _ids(contract, **window) == [ids.workflow_id]
    assert await _ids(contract, workflowId=ids.workflow_id, startedBefore=at - 1_000) == []


@pytest.mark.parametrize("name", NAMES)
async def test_what_a_user_gives_never_reaches_the_query_unescaped(contract: AsyncClient, name: str) -> None:
    workflow_id = f"{name} {new_id('odd')}"
    await start(contract, "mirror", 1, workflow_id=workflow_id)

    async def is_listed() -> bool:
        return await _ids(contract, workflowId=workflow_id) == [workflow_id]

    await eventually(is_listed, "the listing")
    assert await _ids(contract, workflowType=name) == []


async def test_the_catalogs_own_workflow_is_not_listed(contract: AsyncClient) -> None:
    assert await _ids(contract, workflowId=CATALOG) == []
    assert await _ids(contract, workflowType="$catalog") == []


async def test_a_token_that_was_not_handed_out_for_these_filters_is_a_400(contract: AsyncClient) -> None:
    await asyncio.gather(*(start(contract, "mirror", 1) for _ in range(2)))

    async def are_listed() -> bool:
        return len(await _ids(contract, workflowType="mirror", limit=2)) == 2

    await eventually(are_listed, "the listing")
    filters = {"workflowType": "mirror", "limit": "1"}
    token: str = (await contract.get("/workflow/runs", params=filters)).json()["nextPageToken"]
    tampered = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")

    assert (
        await contract.get("/workflow/runs", params={**filters, "limit": "2", "pageToken": token})
    ).status_code == 200
    for query in ({**filters, "pageToken": tampered}, {"pageToken": token}, {**filters, "pageToken": "ü"}):
        reply = await contract.get("/workflow/runs", params=query)
        assert (reply.status_code, reply.json()["error"]) == (400, "InvalidPageTokenError")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "1001"},
        {"limit": "ten"},
        {"status": "asleep"},
        {"catalog": "a b"},
        {"startedAfter": "yesterday"},
        {"startedBefore": "999999999999999999"},
        {"workflowId": ""},
        {"workflowId": "\0"},
    ],
)
async def test_a_filter_that_does_not_fit_is_a_400_that_names_it(contract: AsyncClient, query: dict[str, str]) -> None:
    reply = await contract.get("/workflow/runs", params=query)

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
    assert [issue["path"] for issue in reply.json()["issues"]] == list(query)
