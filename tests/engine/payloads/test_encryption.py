"""With keys, nobody reads a value in the engine or in a store; whoever has the keys reads everything as before."""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
import sysconfig
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, GetWorkflowExecutionHistoryRequest
from temporalio.client import Client

from output.config.encryption_keys import read_keys
from output.engine.payloads.converter import to_payload
from output.engine.payloads.encryption import EncryptionCodec
from output.engine.payloads.unreadable import ValueUnreadableError
from tests.support.servers import start_api, start_worker

PROJECT = Path(__file__).parents[2] / "projects" / "large"
WORD = "hush-hush"


def new_key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


OLD, NEW = new_key("old"), new_key("new")


@dataclass(frozen=True)
class Stack:
    """An API with the keys, one without, what the engine has, and where the store is."""

    url: str
    url_without: str
    engine: str
    store: Path

    async def raw(self, workflow_id: str) -> bytes:
        """All that the engine has of a run."""
        client = await Client.connect(self.engine)
        execution = WorkflowExecution(workflow_id=workflow_id)
        request = GetWorkflowExecutionHistoryRequest(namespace="default", execution=execution)
        about = DescribeWorkflowExecutionRequest(namespace="default", execution=execution)
        history = await client.workflow_service.get_workflow_execution_history(request)
        described = await client.workflow_service.describe_workflow_execution(about)
        return history.SerializeToString() + described.SerializeToString()


@pytest.fixture(scope="module")
def stack(engine_address: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    folder = tmp_path_factory.mktemp("encrypted")
    store = folder / "store"
    keys = folder / "keys"
    keys.write_text(f"# the newest first\n{NEW}\n{OLD}\n")
    shared = {"OUTPUT_CATALOG_ID": "encrypted", "OUTPUT_PAYLOAD_STORE": str(store), "OUTPUT_TRACE_LOCAL_ON": "true"}
    # The worker still encrypts with the old key: both are rotated one after the other.
    worker = start_worker(folder, engine_address, PROJECT, **shared, OUTPUT_ENCRYPTION_KEYS=f"{OLD},{NEW}")
    api, url = start_api(folder, engine_address, folder, **shared, OUTPUT_ENCRYPTION_KEYS=f"file:{keys}")
    without, url_without = start_api(folder, engine_address, folder, **shared)
    yield Stack(url, url_without, engine_address, store)
    for each in (worker, api, without):
        each.kill()


@pytest.fixture
async def api(stack: Stack) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.url, timeout=60) as client:
        yield client


@pytest.fixture
async def without(stack: Stack) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.url_without, timeout=60) as client:
        yield client


async def post(api: httpx.AsyncClient, path: str, **body: object) -> Any:
    response = await api.post(path, json=body)
    assert response.status_code == 200, response.text[:500]
    return response.json()


async def test_a_run_with_old_and_new_keys_shows_its_values_to_who_has_them_and_to_nobody_else(
    stack: Stack, api: httpx.AsyncClient, without: httpx.AsyncClient
) -> None:
    result = await post(api, "/workflow/run", workflowName="carry", input=WORD)
    run = f"/workflow/{result['workflowId']}"
    events = (await api.get(f"{run}/history", params={"includePayloads": "true", "pageSize": "50"})).json()["events"]
    log = (await api.get(f"{run}/trace-log")).json()["data"]
    unread = (await without.get(f"{run}/result")).json()
    raw_events = (await without.get(f"{run}/history", params={"includePayloads": "true"})).json()["events"]

    raw = await stack.raw(result["workflowId"])
    assert (WORD.encode() in raw, WORD[::-1].encode() in raw) == (False, False)
    assert b"binary/encrypted" in raw
    assert result["output"] == WORD
    assert events[0]["workflowExecutionStartedEventAttributes"]["input"] == [WORD]
    marker = next(each for each in events if each["eventTypeName"] == "MARKER_RECORDED")
    assert marker["markerRecordedEventAttributes"]["input"] == [WORD[::-1]]
    assert [child["name"] for child in log["children"]] == ["carry#turn", "carry#turn_quickly", "echo"]
    assert log["children"][0]["output"] == WORD[::-1]
    assert unread["output"] == {"_raw": True, "encoding": "binary/encrypted"}
    assert raw_events[0]["workflowExecutionStartedEventAttributes"]["input"] == [unread["output"]]


async def test_failures_keep_class_names_alone(
    stack: Stack, api: httpx.AsyncClient, without: httpx.AsyncClient
) -> None:
    result = await post(api, "/workflow/run", workflowName="fail", input=WORD)
    unread = (await without.get(f"/workflow/{result['workflowId']}/result")).json()
    raw = await stack.raw(result["workflowId"])

    assert result["error"]["name"] == "LookupError"
    assert "secret word of 9" in result["error"]["message"]
    assert result["error"]["activityType"] == "fail#refuse"
    assert b"secret word" not in raw
    assert b"workflow.py" not in raw
    assert b"LookupError" in raw
    assert (unread["error"]["name"], unread["error"]["message"]) == ("LookupError", "Encoded failure")


async def test_messages_are_encrypted_too(api: httpx.AsyncClient, stack: Stack) -> None:
    workflow_id = (await post(api, "/workflow/start", workflowName="Hold"))["workflowId"]
    run = f"/workflow/{workflow_id}"

    await post(api, f"{run}/signal/put", payload=WORD)
    asked = await post(api, f"{run}/query/get", payload="!")
    refused = await api.post(f"{run}/query/explode", json={"payload": 1})
    swapped = await post(api, f"{run}/update/swap", payload=WORD + WORD)
    raw = await stack.raw(workflow_id)
    await post(api, f"{run}/signal/close")
    result = (await api.get(f"{run}/result", params={"wait": "30"})).json()

    assert (asked, swapped, result["output"]) == (WORD + "!", WORD, WORD + WORD)
    assert WORD.encode() not in raw
    assert (refused.status_code, refused.json()["error"]) == (422, "HandlerFailedError")
    assert refused.json()["cause"] == {"name": "ArithmeticError", "message": f"{WORD} 1"}


async def test_a_large_value_is_encrypted_in_the_store_and_lies_there_once(
    stack: Stack, api: httpx.AsyncClient
) -> None:
    text = (WORD * 100_000)[:600_000]
    before = set(stack.store.glob("default/??/*"))

    results = [await post(api, "/workflow/run", workflowName="echo", input=text) for _ in range(2)]
    log = (await api.get(f"/workflow/{results[0]['workflowId']}/trace-log")).json()["data"]

    raw = await stack.raw(results[0]["workflowId"])
    new = set(stack.store.glob("default/??/*")) - before
    assert [each["output"] == text for each in results] == [True, True]
    assert len(new) == 2, "one by the API's key, one by the worker's"
    assert not any(WORD.encode() in path.read_bytes() for path in new)
    assert WORD.encode() not in raw
    assert log["input"]["preview"].startswith(f'"{WORD}')


async def test_the_engines_own_command_line_shows_values_by_the_codec_endpoint(
    stack: Stack, api: httpx.AsyncClient
) -> None:
    result = await post(api, "/workflow/run", workflowName="echo", input=WORD)
    temporal = Path(sysconfig.get_path("scripts")) / "temporal"
    words = [temporal, "workflow", "show", "--address", stack.engine, "-w", result["workflowId"], "-o", "json"]

    def show(*more: str) -> str:
        return subprocess.run([*words, *more], capture_output=True, text=True, timeout=60, check=True).stdout

    plain, decoded = show(), show("--codec-endpoint", f"{stack.url}/codec")

    given = json.loads(decoded)["events"][0]["workflowExecutionStartedEventAttributes"]["input"]
    assert WORD not in plain
    assert given == [WORD] or base64.b64decode(given["payloads"][0]["data"]) == f'"{WORD}"'.encode()


async def test_the_codec_endpoint_speaks_the_protocol_to_the_engines_ui(
    api: httpx.AsyncClient, without: httpx.AsyncClient
) -> None:
    payload = {"metadata": {"encoding": base64.b64encode(b"json/plain").decode()}, "data": "IndvcmQi"}

    encoded = await post(api, "/codec/encode", payloads=[payload])
    decoded = await post(api, "/codec/decode", **encoded)
    unread = await post(without, "/codec/decode", **encoded)
    bad = await api.post("/codec/decode", json={"payloads": [{"data": "no base64!"}]})
    preflight = await api.options(
        "/codec/decode",
        headers={
            "Origin": "http://localhost:8233",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-namespace,content-type,authorization",
        },
    )

    assert base64.b64decode(encoded["payloads"][0]["metadata"]["encoding"]) == b"binary/encrypted"
    assert base64.b64decode(encoded["payloads"][0]["metadata"]["encryption-key-id"]) == b"new"
    assert (decoded["payloads"][0]["metadata"], decoded["payloads"][0]["data"]) == (payload["metadata"], "IndvcmQi")
    assert unread["payloads"] == encoded["payloads"]
    assert bad.status_code == 400
    assert "x-namespace" in preflight.headers["Access-Control-Allow-Headers"].lower()


async def test_a_worker_without_the_key_loses_no_run(engine_address: str, tmp_path: Path) -> None:
    shared = {"OUTPUT_CATALOG_ID": "encrypted-late"}
    with_key = {**shared, "OUTPUT_ENCRYPTION_KEYS": NEW}
    worker = start_worker(tmp_path, engine_address, PROJECT, **with_key)
    api, url = start_api(tmp_path, engine_address, tmp_path, **with_key)
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        run = f"/workflow/{(await post(client, '/workflow/start', workflowName='Hold'))['workflowId']}"
        await post(client, f"{run}/query/get", payload="")
        worker.kill()
        wrong = start_worker(tmp_path, engine_address, PROJECT, **shared, OUTPUT_ENCRYPTION_KEYS=new_key("other"))
        await post(client, f"{run}/signal/put", payload=WORD)
        await post(client, f"{run}/signal/close")
        waiting = await client.get(f"{run}/result", params={"wait": "3"})
        wrong.kill()
        right = start_worker(tmp_path, engine_address, PROJECT, **with_key)
        result = (await client.get(f"{run}/result", params={"wait": "60"})).json()
    right.kill()
    api.kill()

    assert waiting.status_code == 424
    assert result["output"] == WORD


async def test_what_was_changed_on_the_way_is_not_read() -> None:
    codec = EncryptionCodec(read_keys(NEW))
    [sealed] = await codec.encode([to_payload(b'"word"')])
    damaged = Payload(metadata=sealed.metadata, data=sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]))

    with pytest.raises(ValueUnreadableError, match="damaged"):
        await codec.decode([damaged])
    with pytest.raises(ValueUnreadableError, match="'new'"):
        await EncryptionCodec(read_keys(OLD)).decode([sealed])


async def test_the_same_small_value_never_looks_the_same() -> None:
    codec = EncryptionCodec(read_keys(NEW))

    first, second = await codec.encode([to_payload(b'"word"')] * 2)

    assert first.data != second.data
    assert await codec.encode([first]) == [first], "what is encrypted already stays so"


@pytest.mark.parametrize(
    "text",
    ["", "secretkey", "id:c2hvcnQ=", "a b:x", f"{OLD},{OLD}", "file:/no/such/file"],
    ids=["none", "no ID", "short", "bad ID", "twice", "no file"],
)
def test_keys_that_are_none_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match=r"key|entry|read") as refused:
        read_keys(text)

    assert not any(word in str(refused.value) for word in ("secretkey", "c2hvcnQ", OLD.partition(":")[2]))
