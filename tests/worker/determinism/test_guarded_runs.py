"""The guard in a real worker: what a run is told, and what passes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import pytest

from tests.support.servers import start_api, start_worker

PROJECT = Path(__file__).parents[2] / "projects" / "guarded"
SOURCE = PROJECT / "workflows" / "forbidden" / "workflow.py"


@pytest.fixture(scope="module")
def guarded_url(stack_folder: Path, engine_address: str) -> Generator[str]:
    """An API server with a worker of the guarded project behind it."""
    worker = start_worker(stack_folder, engine_address, PROJECT, OUTPUT_CATALOG_ID="guarded")
    try:
        server, url = start_api(stack_folder, engine_address, OUTPUT_CATALOG_ID="guarded")
        yield url
        server.stop()
    finally:
        worker.stop()


@pytest.fixture
async def client(guarded_url: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=guarded_url, timeout=60) as client:
        yield client


def line_of(text: str) -> int:
    (number,) = [number for number, line in enumerate(SOURCE.read_text().splitlines(), 1) if text in line]
    return number


@pytest.mark.parametrize(
    ("workflow", "line", "call", "remedy"),
    [
        ("reads_clock", "return time.time()", "time.time()", "`now()`"),
        ("reads_file", "Path(__file__)", "open(), called by pathlib,", "move it to a step"),
        ("fetches", "httpx.get(", "called by httpx,", "use httpx in a step"),
        ("fetches_async", "return (await client.get", "called by httpx,", "use httpx in a step"),
        ("uses_thread", "asyncio.to_thread", "loop.run_in_executor(), called by asyncio,", "make it a step"),
        ("draws_in_model", "Order().id", "uuid.uuid4(), called by pydantic,", "give the field its value"),
    ],
)
async def test_a_run_that_reaches_for_what_cannot_be_replayed_fails_with_its_line_and_the_remedy(
    client: httpx.AsyncClient, workflow: str, line: str, call: str, remedy: str
) -> None:
    reply = await client.post("/workflow/run", json={"workflowName": workflow})

    payload = reply.json()
    assert payload["status"] == "failed", payload
    assert payload["error"]["name"] == "WorkflowCodeForbiddenError"
    message = payload["error"]["message"]
    assert message.startswith(f"workflows/forbidden/workflow.py:{line_of(line)}: ")
    assert call in message
    assert remedy in message


async def test_a_librarys_own_task_is_refused_too(client: httpx.AsyncClient) -> None:
    payload = (await client.post("/workflow/run", json={"workflowName": "fetches_in_tasks"})).json()

    assert payload["error"]["name"] == "WorkflowCodeForbiddenError"
    assert "called by httpx," in payload["error"]["message"]


async def test_an_input_that_is_filled_in_by_chance_is_refused_and_a_full_one_passes(
    client: httpx.AsyncClient,
) -> None:
    given = {"id": "5b1c0a52-6d6a-4b52-8a35-0d1f6d1f3f10"}
    full = (await client.post("/workflow/run", json={"workflowName": "draws_in_input", "input": given})).json()
    empty = (await client.post("/workflow/run", json={"workflowName": "draws_in_input", "input": {}})).json()

    assert full["output"] == given["id"]
    assert empty["status"] == "failed"
    assert "uuid.uuid4(), called by pydantic," in empty["error"]["message"]


async def test_a_query_that_reads_the_clock_fails_and_harms_nothing(client: httpx.AsyncClient) -> None:
    (await client.post("/workflow/start", json={"workflowName": "Asks", "workflowId": "asks"})).raise_for_status()
    answer = await client.post("/workflow/asks/query/what_time")
    status = await client.get("/workflow/asks/status")
    await client.post("/workflow/asks/terminate")

    assert answer.status_code == 422, answer.text
    assert "time.time_ns() is not allowed in workflow code" in answer.json()["message"]
    assert status.json()["status"] == "running"


async def test_workflow_code_that_replays_runs_and_steps_may_do_everything(client: httpx.AsyncClient) -> None:
    body = {"workflowName": "allowed", "input": "2026-03-06T10:30:45Z"}
    payload = (await client.post("/workflow/run", json=body)).json()

    assert payload["status"] == "completed", payload["error"]
    assert payload["output"]["size"] > 100
    assert [reading["values"]["size"] for reading in payload["output"]["readings"]] == [1, 2]
    assert "for its lines" in payload["output"]["trace"]


async def test_a_comment_lets_a_line_pass(client: httpx.AsyncClient) -> None:
    payload = (await client.post("/workflow/run", json={"workflowName": "swears_it_is_fine"})).json()

    assert payload["output"] > 2000
