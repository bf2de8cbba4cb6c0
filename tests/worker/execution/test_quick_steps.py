"""Quick steps run with the workflow, and look like any other step to everybody who asks."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import AsyncGenerator, Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from output import Retry, step
from output.testing import stub
from tests.support.servers import start_api, start_worker

PROJECT = Path(__file__).parents[2] / "projects" / "quick"


@pytest.fixture(scope="module")
def api_url(engine_address: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    folder = tmp_path_factory.mktemp("quick")
    traces = {"OUTPUT_CATALOG_ID": "quick", "OUTPUT_TRACE_LOCAL_ON": "true"}
    project = folder / "project"
    shutil.copytree(PROJECT, project)
    worker = start_worker(folder, engine_address, project, **traces)
    api, url = start_api(folder, engine_address, project, **traces)
    yield url
    worker.kill()
    api.kill()


@pytest.fixture
async def api(api_url: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=api_url, timeout=60) as client:
        yield client


async def run(api: httpx.AsyncClient, workflow: str, given: object = None) -> dict[str, Any]:
    response = await api.post("/workflow/run", json={"workflowName": workflow, "input": given})
    assert response.status_code == 200, response.text
    return response.json()


async def read_markers(api: httpx.AsyncClient, workflow_id: str, **query: str) -> list[dict[str, Any]]:
    response = await api.get(f"/workflow/{workflow_id}/history", params={"pageSize": "50", **query})
    events: list[dict[str, Any]] = response.json()["events"]
    return [each["markerRecordedEventAttributes"] for each in events if each["eventTypeName"] == "MARKER_RECORDED"]


async def read_steps(api: httpx.AsyncClient, workflow_id: str) -> list[dict[str, Any]]:
    response = await api.get(f"/workflow/{workflow_id}/trace-log")
    return response.json()["data"]["children"]


async def test_history_has_name_attempt_and_times_and_with_payloads_input_and_result(api: httpx.AsyncClient) -> None:
    result = await run(api, "quick_sum", [1, 2])

    assert (result["status"], result["output"]) == ("completed", 30)
    plain = await read_markers(api, result["workflowId"])
    assert [(each["stepName"], each["attempt"]) for each in plain] == [("add", 1), ("add", 1)]
    assert plain[0]["scheduledTime"] <= plain[0]["closeTime"]
    assert plain[0]["startedTime"] <= plain[0]["closeTime"]
    assert all("input" not in each and "details" not in each for each in plain)
    whole = await read_markers(api, result["workflowId"], includePayloads="true")
    assert [(each["input"], each["result"]) for each in whole] == [
        ([{"first": 0, "second": 1}], [1]),
        ([{"first": 1, "second": 2}], [3]),
    ]


async def test_a_trace_shows_quick_steps_as_steps_with_what_happened_inside(api: httpx.AsyncClient) -> None:
    result = await run(api, "quick_sum", [5])

    add, ordinary = await read_steps(api, result["workflowId"])

    assert (add["kind"], add["name"], add["input"], add["output"]) == (
        "step",
        "quick_sum#add",
        {"first": 0, "second": 5},
        5,
    )
    assert [child["name"] for child in add["children"]] == ["adding"]
    assert add["attributes"] == {"quick": True}
    assert add["startedAt"] <= add["endedAt"] <= ordinary["endedAt"]


async def test_threads_evaluators_and_retries_work_as_for_every_step(api: httpx.AsyncClient) -> None:
    result = await run(api, "quick_texts", "hello")

    assert result["output"] == {"loud": "HELLO", "long": True, "stumbled": "hello", "waited": "hello"}
    steps = {each["name"].partition("#")[2]: each for each in await read_steps(api, result["workflowId"])}
    assert steps.keys() == {"shout", "is_long", "stumble", "wait_long"}
    assert steps["is_long"]["kind"] == "evaluator"
    tries = [child["name"] for child in steps["stumble"]["children"] if child["kind"] == "attempt"]
    assert tries == ["attempt 1", "attempt 2", "attempt 3"]
    assert steps["wait_long"]["output"] == "hello"
    markers = await read_markers(api, result["workflowId"])
    pauses = [each["nextAttemptDelay"] for each in markers if "nextAttemptDelay" in each]
    assert pauses == ["1.5s"]


async def test_a_failed_one_names_step_and_exception_everywhere(api: httpx.AsyncClient) -> None:
    result = await run(api, "quick_refusal", "not here")

    error = result["error"]
    assert (result["status"], error["name"], error["message"]) == ("failed", "LookupError", "not here")
    assert error["activityType"] == "quick_refusal#refuse"
    (marker,) = await read_markers(api, result["workflowId"], includePayloads="true")
    assert (marker["stepName"], marker["attempt"], marker["input"]) == ("refuse", 2, ["not here"])
    assert (marker["failure"]["message"], marker["failure"]["type"]) == ("not here", "LookupError")
    (refused,) = await read_steps(api, result["workflowId"])
    assert (refused["input"], refused["error"]["name"]) == ("not here", "LookupError")


async def test_one_that_takes_too_long_fails_and_says_what_to_do(api: httpx.AsyncClient) -> None:
    error = (await run(api, "quick_lingering"))["error"]

    assert error["name"] == "TimeoutError"
    assert "did not end within 1 s" in error["message"]
    assert "ordinary step" in error["message"]


async def test_a_time_out_of_the_workflow_stops_one_that_waits_for_its_next_attempt(api: httpx.AsyncClient) -> None:
    assert (await run(api, "quick_time_out"))["output"] == "stopped waiting"


async def test_a_killed_worker_repeats_those_of_the_task_that_was_not_recorded(
    engine_address: str, tmp_path: Path
) -> None:
    ledger, gate = tmp_path / "ledger.txt", tmp_path / "gate"
    workflow_id = f"quick-killed-{uuid.uuid4().hex}"
    catalog = {"OUTPUT_CATALOG_ID": "quick-killed"}
    worker = start_worker(tmp_path, engine_address, PROJECT, **catalog)
    api_process, url = start_api(tmp_path, engine_address, **catalog)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            given = {"path": str(ledger), "gate": str(gate)}
            body = {"workflowName": "quick_ledger", "workflowId": workflow_id, "input": given}
            (await client.post("/workflow/start", json=body)).raise_for_status()
            await wait_for_lines(ledger, "held", count=1)
            worker.kill()
            worker = start_worker(tmp_path, engine_address, PROJECT, **catalog)
            await wait_for_lines(ledger, "held", count=2)
            gate.touch()
            result = (await client.get(f"/workflow/{workflow_id}/result", params={"wait": 60})).json()
    finally:
        worker.kill()
        api_process.kill()

    assert result["output"] == "done"
    # What was recorded with a finished task is not repeated; the ordinary step never is.
    assert sorted(ledger.read_text().splitlines()) == ["booked", "held", "held", "recorded", "same task", "same task"]


async def wait_for_lines(ledger: Path, line: str, *, count: int) -> None:
    async with asyncio.timeout(60):
        while not ledger.exists() or ledger.read_text().splitlines().count(line) < count:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"heartbeat_timeout": timedelta(seconds=5)}, "heartbeat_timeout"),
        ({"priority": 1}, "priority"),
        ({"schedule_to_start": timedelta(seconds=5)}, "schedule_to_start"),
        ({"timeout": timedelta(seconds=11)}, "at most 10 s"),
    ],
)
def test_options_that_a_quick_step_cannot_have_are_refused_where_they_are_written(
    options: dict[str, Any], names: str
) -> None:
    async def nothing() -> None: ...

    with pytest.raises(ValueError, match=names):
        step(quick=True, **options)(nothing)
    with pytest.raises(ValueError, match=names):
        step(quick=True)(nothing).with_options(**options)


async def test_called_outside_of_a_workflow_it_is_just_a_function_and_can_be_stood_in_for() -> None:
    @step(quick=True, retry=Retry(max_attempts=1))
    async def double(number: int) -> int:
        return number * 2

    assert await double(4) == 8
    with stub(double, returns=1):
        assert await double(4) == 1
