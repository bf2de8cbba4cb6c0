"""One event, one node, an outline, and answers that are compressed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx import AsyncClient

from output.client import Client
from output.errors import NotFoundError
from output.models.runs import RunIds
from tests.support.contract import CATALOG
from tests.support.servers import start_api
from tests.support.starting import start
from tests.support.traced_project import run, walk


async def _done(api: AsyncClient, value: Any) -> RunIds:
    ids = await start(api, "mirror", value)
    await api.get(f"/workflow/{ids.workflow_id}/result", params={"wait": 20})
    return ids


async def test_each_event_of_a_run_can_be_read_alone_with_its_values(contract: AsyncClient) -> None:
    ids = await _done(contract, {"big": 9007199254740993})
    query = {"pageSize": 50, "includePayloads": "true"}
    page = (await contract.get(f"/workflow/{ids.workflow_id}/history", params=query)).json()
    assert len(page["events"]) > 5

    for event in page["events"]:
        reply = await contract.get(f"/workflow/{ids.workflow_id}/history/events/{event['eventId']}")
        assert (reply.status_code, reply.json()) == (200, event)
    started = page["events"][0]["workflowExecutionStartedEventAttributes"]
    assert started["input"] == [{"big": 9007199254740993}]


async def test_an_event_is_found_in_the_run_that_is_named(contract: AsyncClient) -> None:
    first = await _done(contract, 1)
    second = await start(contract, "mirror", 2, workflow_id=first.workflow_id)
    await contract.get(f"/workflow/{first.workflow_id}/result", params={"wait": 20})
    base = f"/workflow/{first.workflow_id}"

    async def given(path: str) -> object:
        event = (await contract.get(base + path)).json()
        return event["workflowExecutionStartedEventAttributes"]["input"]

    assert await given("/history/events/1") == [2]
    assert await given(f"/history/events/1?runId={first.run_id}") == [1]
    assert await given(f"/runs/{first.run_id}/history/events/1") == [1]
    assert await given(f"/runs/{second.run_id}/history/events/1") == [2]


@pytest.mark.parametrize(
    ("event", "status", "error"),
    [("9999", 404, "NotFoundError"), ("0", 400, "ValidationError"), ("x", 400, "ValidationError")],
)
async def test_an_event_that_there_is_not_is_told(contract: AsyncClient, event: str, status: int, error: str) -> None:
    ids = await _done(contract, 1)

    reply = await contract.get(f"/workflow/{ids.workflow_id}/history/events/{event}")

    assert (reply.status_code, reply.json()["error"]) == (status, error)


async def test_an_event_of_an_unknown_run_is_a_404(contract: AsyncClient) -> None:
    reply = await contract.get("/workflow/nobody/history/events/1")

    assert (reply.status_code, reply.json()["error"]) == (404, "WorkflowNotFoundError")


async def test_the_client_reads_events_and_nodes(contract_url: str, contract: AsyncClient) -> None:
    ids = await _done(contract, 1)
    async with Client(contract_url) as client:
        event = await client.runs.event(ids.workflow_id, 1, run_id=ids.run_id)
        assert event.event_type_name == "WORKFLOW_EXECUTION_STARTED"
        with pytest.raises(NotFoundError):
            await client.runs.event(ids.workflow_id, 10_000)


async def test_an_outline_has_the_nodes_of_the_trace_and_each_can_be_read_whole(traced: httpx.AsyncClient) -> None:
    result = await run(traced, "tell", {"text": "hello", "url": f"{traced.base_url}/health"})
    async with Client(str(traced.base_url)) as client:
        whole = (await client.runs.trace_log(result["workflowId"])).data
        outlined = (await client.runs.trace_log(result["workflowId"], outline=True)).data
        assert whole is not None
        assert outlined is not None

        assert [(node.id, node.kind, node.ended_at) for node in walk(outlined)] == [
            (node.id, node.kind, node.ended_at) for node in walk(whole)
        ]
        assert all(node.input is None and node.output is None for node in walk(outlined))
        assert outlined.label == "text=hello"
        assert outlined.input_bytes == len(json.dumps(whole.input, separators=(",", ":")))
        for node in walk(whole):
            alone = (await client.runs.trace_log(result["workflowId"], node=node.id)).data
            assert alone is not None
            assert (alone.id, alone.input, alone.output, alone.attributes) == (
                node.id,
                node.input,
                node.output,
                node.attributes,
            )
        with pytest.raises(NotFoundError, match="no node 'nobody'"):
            await client.runs.trace_log(result["workflowId"], node="nobody")


async def _packed(api: AsyncClient, path: str, accept: str, *, method: str = "GET") -> httpx.Response:
    return await api.request(method, path, headers={"accept-encoding": accept})


async def test_large_answers_are_compressed_for_who_accepts_gzip(contract: AsyncClient) -> None:
    packed = await _packed(contract, "/workflow/catalog", "gzip, br")
    plain = await _packed(contract, "/workflow/catalog", "identity")

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    assert "content-encoding" not in plain.headers
    for reply in (packed, plain):
        assert "Accept-Encoding" in reply.headers["vary"] or reply is plain
        assert reply.headers["x-request-id"]


@pytest.mark.parametrize("accept", ["gzip;q=0", "gzip; q=0.000", "br", ""])
async def test_who_does_not_want_gzip_gets_none(contract: AsyncClient, accept: str) -> None:
    assert "content-encoding" not in (await _packed(contract, "/workflow/catalog", accept)).headers


async def test_small_answers_and_streams_stay_as_they_are(contract: AsyncClient) -> None:
    ids = await _done(contract, "x" * 5_000)
    health = await _packed(contract, "/health", "gzip")
    stream = await _packed(contract, f"/workflow/{ids.workflow_id}/history/stream?includePayloads=true", "gzip")
    gone = await _packed(contract, f"/workflow/{ids.workflow_id}/history/stream?lastEventId=10000", "gzip")

    assert "content-encoding" not in health.headers
    assert "content-encoding" not in stream.headers
    assert stream.text.count("event: done") == 1
    assert (gone.status_code, gone.content) == (204, b"")


async def test_errors_and_heads_are_compressed_like_what_they_stand_for(contract: AsyncClient) -> None:
    head = await _packed(contract, "/workflow/catalog", "gzip", method="HEAD")
    body = {"workflowName": "review", "input": {f"unknown{number}": 1 for number in range(3)}}
    fault = await contract.post("/workflow/start", json=body, headers={"accept-encoding": "gzip"})

    assert (head.headers["content-encoding"], head.content) == ("gzip", b"")
    assert fault.status_code == 400
    assert fault.json()["issues"]


async def test_scenarios_are_examples_in_development_and_not_in_production(
    contract: AsyncClient, stack_folder: Path, engine_address: str
) -> None:
    token = "a-token-of-this-test"
    process, url = start_api(
        stack_folder, engine_address, OUTPUT_CATALOG_ID=CATALOG, OUTPUT_ENV="production", OUTPUT_API_AUTH_TOKEN=token
    )
    async with httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {token}"}) as production:
        shown = [
            {entry["name"]: entry for entry in (await api.get("/workflow/catalog")).json()["workflows"]}["mirror"]
            for api in (contract, production)
        ]
    process.kill()

    assert shown[0]["examples"] == [{"name": "digits", "input": {"digits": 9007199254740993}}]
    assert shown[1]["examples"] == []
