"""Values that are too large for the engine go through a store, on every way that a value may go."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.servers import start_api, start_worker

PROJECT = Path(__file__).parents[2] / "projects" / "large"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Stack:
    """Where the API is, and where its store."""

    url: str
    store: Path

    def objects(self) -> list[Path]:
        return sorted(self.store.glob("default/??/*"))


@pytest.fixture(scope="module")
def stack(engine_address: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    folder = tmp_path_factory.mktemp("large")
    store = folder / "store"
    variables = {
        "OUTPUT_CATALOG_ID": "large",
        "OUTPUT_TRACE_LOCAL_ON": "true",
        "OUTPUT_PAYLOAD_STORE": str(store),
        "TEMPORAL_MAX_CACHED_WORKFLOWS": "0",
    }
    worker = start_worker(folder, engine_address, PROJECT, **variables)
    api, url = start_api(folder, engine_address, folder, **variables)
    yield Stack(url, store)
    worker.kill()
    api.kill()


@pytest.fixture
async def api(stack: Stack) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.url, timeout=90) as client:
        yield client


async def post(api: httpx.AsyncClient, path: str, **body: object) -> Any:
    response = await api.post(path, json=body)
    assert response.status_code == 200, response.text[:500]
    return response.json()


async def test_a_value_of_9_megabytes_goes_through_start_step_quick_step_child_and_result(
    api: httpx.AsyncClient,
) -> None:
    text = "ab€" * (3 * MEGABYTE)

    result = await post(api, "/workflow/run", workflowName="carry", input=text)

    assert result["status"] == "completed", result["error"]
    assert result["output"] == text
    again = (await api.get(f"/workflow/{result['workflowId']}/result")).json()
    given = (await api.get(f"/workflow/{result['workflowId']}/input")).json()
    assert (again["output"], given["input"]) == (text, text)


async def test_the_same_value_lies_in_the_store_once(api: httpx.AsyncClient, stack: Stack) -> None:
    text = "once" * MEGABYTE
    before = stack.objects()

    for _ in range(2):
        await post(api, "/workflow/run", workflowName="echo", input=text)

    assert len(stack.objects()) == len(before) + 1


async def test_messages_and_their_answers_may_be_large(api: httpx.AsyncClient) -> None:
    first, second = "first" * MEGABYTE, "2nd" * MEGABYTE
    run = f"/workflow/{(await post(api, '/workflow/start', workflowName='Hold'))['workflowId']}"

    await post(api, f"{run}/signal/put", payload=first)
    asked = await post(api, f"{run}/query/get", payload="!" * MEGABYTE)
    swapped = await post(api, f"{run}/update/swap", payload=second)
    await post(api, f"{run}/signal/close")
    result = (await api.get(f"{run}/result", params={"wait": "30"})).json()

    assert asked == first + "!" * MEGABYTE
    assert swapped == first
    assert result["output"] == second


async def test_history_stream_and_trace_show_the_value_or_its_start(api: httpx.AsyncClient) -> None:
    small, large = "s" * MEGABYTE, "l" * 3 * MEGABYTE
    shown = [await post(api, "/workflow/run", workflowName="echo", input=text) for text in (small, large)]
    pages = [
        (await api.get(f"/workflow/{each['workflowId']}/history", params={"includePayloads": "true"})).json()
        for each in shown
    ]
    given = [page["events"][0]["workflowExecutionStartedEventAttributes"]["input"] for page in pages]
    event = (await api.get(f"/workflow/{shown[1]['workflowId']}/history/events/1")).json()
    log = (await api.get(f"/workflow/{shown[1]['workflowId']}/trace-log")).json()
    stream = await api.get(f"/workflow/{shown[1]['workflowId']}/history/stream", params={"includePayloads": "true"})

    assert given[0] == [small]
    assert given[1] == [{"_truncated": True, "bytes": len(large) + 2, "preview": '"' + "l" * 999}]
    assert event["workflowExecutionStartedEventAttributes"]["input"] == [large]
    assert log["data"]["input"]["_truncated"]
    assert log["data"]["input"]["bytes"] == len(large) + 2
    assert log["data"]["input"]["preview"].startswith('"lll')
    assert '"_truncated":true' in stream.text


async def test_more_than_the_store_takes_is_a_413_or_a_failed_step_that_names_the_setting(
    engine_address: str, tmp_path: Path
) -> None:
    variables = {
        "OUTPUT_CATALOG_ID": "small-large",
        "OUTPUT_PAYLOAD_STORE": str(tmp_path / "store"),
        "OUTPUT_PAYLOAD_MAX_BYTES": str(2 * MEGABYTE),
        "OUTPUT_API_MAX_BODY_BYTES": str(4 * MEGABYTE),
    }
    worker = start_worker(tmp_path, engine_address, PROJECT, **variables)
    api, url = start_api(tmp_path, engine_address, tmp_path, **variables)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            refused = await client.post("/workflow/start", json={"workflowName": "echo", "input": "x" * 2 * MEGABYTE})
            failed = await post(client, "/workflow/run", workflowName="grow", input=3 * MEGABYTE)
    finally:
        worker.kill()
        api.kill()

    assert (refused.status_code, refused.json()["error"]) == (413, "PayloadTooLargeError")
    assert "OUTPUT_PAYLOAD_MAX_BYTES" in refused.json()["message"]
    assert failed["error"]["name"] == "ValueTooLargeError"
    assert "OUTPUT_PAYLOAD_MAX_BYTES" in failed["error"]["message"]


async def test_a_store_that_is_away_fails_the_step_with_its_name_and_the_run_goes_on_when_it_is_back(
    engine_address: str, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    store.write_text("no folder")
    variables = {"OUTPUT_CATALOG_ID": "away-large", "OUTPUT_PAYLOAD_STORE": str(store)}
    worker = start_worker(tmp_path, engine_address, PROJECT, **variables)
    api, url = start_api(tmp_path, engine_address, tmp_path, **variables)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            refused = await client.post("/workflow/start", json={"workflowName": "echo", "input": "x" * MEGABYTE})
            failed = await post(client, "/workflow/run", workflowName="grow", input=MEGABYTE)
            held = (await post(client, "/workflow/start", workflowName="Hold"))["workflowId"]
            store.unlink()
            await post(client, f"/workflow/{held}/signal/put", payload="x" * MEGABYTE)
            await post(client, f"/workflow/{held}/signal/close")
            result = (await client.get(f"/workflow/{held}/result", params={"wait": "30"})).json()
    finally:
        worker.kill()
        api.kill()

    assert (refused.status_code, refused.json()["error"]) == (503, "PayloadStoreNotAvailableError")
    assert "Retry-After" in refused.headers
    assert failed["status"] == "failed"
    assert failed["error"]["activityType"] == "grow#make"
    assert "OUTPUT_PAYLOAD_STORE" in failed["error"]["message"]
    assert result["output"] == "x" * MEGABYTE
