"""Where the contract is precise: what a request that is nearly right gets."""

from __future__ import annotations

import asyncio
import gzip
import json
import uuid
from typing import Any

import pytest
from httpx import AsyncClient

from tests.support.starting import start

RUN_ID = "0194b6f2-7c1e-7d3a-9a55-3f0c6f1a2b3c"


async def get(api: AsyncClient, path: str) -> tuple[int, dict[str, Any]]:
    response = await api.get(path)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    "run_id", [f"{{{RUN_ID}}}", f"urn:uuid:{RUN_ID}", RUN_ID.replace("-", ""), f"{RUN_ID} ", RUN_ID[:-1]]
)
async def test_a_run_id_in_another_form_is_a_400(contract: AsyncClient, run_id: str) -> None:
    for path in (f"/workflow/any/runs/{run_id}/status", f"/workflow/any/history?runId={run_id}"):
        status, body = await get(contract, path)

        assert (status, body["error"], body["issues"][0]["path"]) == (400, "ValidationError", "runId")


async def test_a_run_id_in_capitals_is_the_same_run(contract: AsyncClient) -> None:
    ids = await start(contract, "mirror", 1)
    await contract.get(f"/workflow/{ids.workflow_id}/result", params={"wait": 20})

    status, body = await get(contract, f"/workflow/{ids.workflow_id}/runs/{ids.run_id.upper()}/status")

    assert (status, body["runId"]) == (200, ids.run_id)


@pytest.mark.parametrize(
    "query",
    ["limit=1&limit=2", "workflowId=a&workflowId=b", "workflowType=a&workflowType=a", "pageToken=&pageToken="],
)
async def test_a_parameter_given_twice_is_a_400_that_names_it(contract: AsyncClient, query: str) -> None:
    status, body = await get(contract, f"/workflow/runs?{query}")

    assert (status, body["issues"][0]["code"]) == (400, "repeated")
    assert body["issues"][0]["path"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/workflow/x/history?pageSize=1&pageSize=2",
        "/workflow/x/result?wait=1&wait=2",
        "/workflow/x/trace-log?partial=true&partial=true",
    ],
)
async def test_so_it_is_on_every_route(contract: AsyncClient, path: str) -> None:
    assert (await get(contract, path))[0] == 400


async def test_an_unknown_filter_is_a_400_that_names_those_there_are(contract: AsyncClient) -> None:
    status, body = await get(contract, "/workflow/runs?workflowtype=mirror")

    assert (status, body["issues"][0]["code"]) == (400, "unknown")
    assert "workflowType" in body["message"]


async def test_an_empty_page_token_is_none(contract: AsyncClient) -> None:
    ids = await start(contract, "mirror", 1)

    assert (await get(contract, "/workflow/runs?pageToken=&limit=1"))[0] == 200
    assert (await get(contract, f"/workflow/{ids.workflow_id}/history?pageToken="))[0] == 200


@pytest.mark.parametrize(
    ("headers", "data"),
    [
        ({"content-encoding": "gzip"}, gzip.compress(b"{}", mtime=0)),
        ({"content-encoding": "br"}, b"{}"),
        ({"content-type": "application/json; charset=latin-1"}, b"{}"),
        ({"content-type": 'application/json; charset="utf-16"'}, b"{}"),
        ({"content-type": "text/plain"}, b"{}"),
    ],
)
async def test_a_body_in_another_encoding_is_a_415(contract: AsyncClient, headers: dict[str, str], data: bytes) -> None:
    response = await contract.post(
        "/workflow/start", headers={"content-type": "application/json", **headers}, content=data
    )

    assert (response.status_code, response.json()["error"]) == (415, "UnsupportedMediaTypeError")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=UTF-8", 'application/json;charset="utf-8"', "application/problem+json"]
)
async def test_json_in_utf_8_is_taken_however_that_is_said(contract: AsyncClient, content_type: str) -> None:
    data = json.dumps({"workflowName": "mirror", "input": 1}).encode()
    headers = {"content-type": content_type, "content-encoding": "identity"}

    response = await contract.post("/workflow/start", headers=headers, content=data)

    assert response.status_code == 200, response.text


async def test_a_byte_order_mark_before_a_body_is_skipped(contract: AsyncClient) -> None:
    data = b"\xef\xbb\xbf" + json.dumps({"workflowName": "mirror", "input": 1}).encode()
    headers = {"content-type": "application/json"}

    assert (await contract.post("/workflow/start", headers=headers, content=data)).status_code == 200


@pytest.mark.parametrize("body", [[], None, "text", 3])
async def test_a_body_that_is_no_object_is_told_so(contract: AsyncClient, body: object) -> None:
    response = await contract.post("/workflow/start", json=body)

    (issue,) = response.json()["issues"]
    assert response.status_code == 400
    assert (issue["path"], issue["message"]) in {("body", "give a JSON object"), ("body", "a JSON object is required")}


async def test_one_trailing_slash_is_tolerated_and_an_id_that_ends_with_one_kept(contract: AsyncClient) -> None:
    workflow_id = f"slash-{uuid.uuid4().hex}/"
    await start(contract, "mirror", 1, workflow_id=workflow_id)
    quoted = workflow_id.replace("/", "%2F")

    assert (await get(contract, "/workflow/runs/"))[0] == 200
    assert (await get(contract, f"/workflow/{quoted}/status"))[1]["workflowId"] == workflow_id
    assert (await get(contract, f"/workflow/{quoted}/status/"))[1]["workflowId"] == workflow_id
    assert (await get(contract, f"/workflow/{quoted}/status//"))[0] == 404


async def test_input_and_result_name_the_run_whose_input_they_show(contract: AsyncClient) -> None:
    first = await start(contract, "countdown", 2)
    path = f"/workflow/{first.workflow_id}"
    await contract.get(f"{path}/result", params={"wait": 30})

    _, given = await get(contract, f"{path}/input")
    _, result = await get(contract, f"{path}/result")
    _, pinned = await get(contract, f"{path}/runs/{result['runId']}/input")

    assert (given["runId"], given["input"]) == (first.run_id, 2)
    assert result["runId"] != first.run_id
    assert (result["input"], pinned["input"]) == (0, 0)


async def test_the_stream_takes_the_run_that_is_named(contract: AsyncClient) -> None:
    first = await start(contract, "countdown", 1)
    path = f"/workflow/{first.workflow_id}"
    await contract.get(f"{path}/result", params={"wait": 30})

    async with asyncio.timeout(20), contract.stream("GET", f"{path}/history/stream?runId={first.run_id}") as response:
        lines = [line async for line in response.aiter_lines() if line.startswith("data:")]

    assert json.loads(lines[0].removeprefix("data:"))["runId"] == first.run_id
    assert (await get(contract, f"{path}/history/stream?runId={uuid.uuid4()}"))[0] == 404
    assert (await get(contract, f"{path}/history/stream?runId=nonsense"))[0] == 400


async def test_an_error_leaves_out_what_there_is_not(contract: AsyncClient) -> None:
    response = await contract.post("/workflow/run", json={"workflowName": "too_far", "input": 3})

    assert set(response.json()["error"]) == {"name", "message"}


async def test_a_workflow_without_input_says_that_it_takes_none(contract: AsyncClient) -> None:
    response = await contract.post("/workflow/start", json={"workflowName": "endless", "input": {"a": 1}})

    assert response.json()["issues"] == [
        {"path": "input", "message": "takes no input; leave it out", "code": "unexpected", "pointer": "/input"}
    ]
