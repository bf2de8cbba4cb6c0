"""Traces of runs that end badly, of workers that die, and of stores that are away."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from pathlib import Path

import httpx
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

from output.models.traces import TraceLog, TraceNode
from output.tracing.attempt_records import PartKey
from output.tracing.locations import marked
from output.tracing.stores.local import LocalStore
from output.tracing.stores.store import Chunk
from tests.support.s3 import BUCKET, Door
from tests.support.traced_project import TracedStack, outline, read_trace, run, start, walk
from tests.support.waiting import eventually

HELD = [
    "workflow gated",
    ["step gated#plain", ["internal_step outer", ["internal_step in the thread"]]],
    ["step gated#hold", ["internal_step before the gate"], ["internal_step the gate"]],
]

TOLD = ["workflow tell", ["step tell#ask", ["llm pretend-1"]]]


async def read_partial(client: httpx.AsyncClient, workflow_id: str) -> TraceNode:
    reply = await client.get(f"/workflow/{workflow_id}/trace-log", params={"partial": "true"})
    assert reply.status_code == 200, reply.text
    log = TraceLog.model_validate_json(reply.content)
    assert log.data is not None
    return log.data


async def start_held(client: httpx.AsyncClient, folder: Path) -> str:
    """A run that waits at the gate, once its trace shows it."""
    workflow_id = await start(client, "gated", str(folder))
    async with asyncio.timeout(60):
        while outline(await read_partial(client, workflow_id)) != HELD:
            await asyncio.sleep(0.05)
    return workflow_id


def s3_variables(door: Door) -> dict[str, str]:
    return {
        "OUTPUT_TRACE_LOCAL_ON": "false",
        "OUTPUT_TRACE_REMOTE_ON": "true",
        "OUTPUT_TRACE_REMOTE_S3_BUCKET": BUCKET,
        "OUTPUT_AWS_REGION": "us-east-1",
        "OUTPUT_AWS_ENDPOINT_URL": door.url,
        "OUTPUT_AWS_ACCESS_KEY_ID": "key",
        "OUTPUT_AWS_SECRET_ACCESS_KEY": "secret",
    }


async def test_a_terminated_run_leaves_a_whole_trace_that_nobody_had_to_ask_for(
    traced: httpx.AsyncClient, shared_stack: TracedStack, tmp_path: Path
) -> None:
    workflow_id = await start_held(traced, tmp_path)
    await traced.post(f"/workflow/{workflow_id}/terminate", json={"reason": "enough"})

    folder = shared_stack.project / "logs" / "runs" / "gated"
    await eventually(lambda: bool(list(folder.glob(f"*_{workflow_id}.json"))))

    (path,) = folder.glob(f"*_{workflow_id}.json")
    node = TraceNode.model_validate_json(path.read_bytes())
    assert outline(node) == HELD
    assert node.error is not None
    assert (node.error.name, node.error.message) == ("TerminatedError", "enough")
    held = node.children[1]
    assert held.error is not None
    assert held.ended_at == node.ended_at


async def test_a_stopped_run_leaves_a_whole_trace(traced: httpx.AsyncClient, tmp_path: Path) -> None:
    workflow_id = await start_held(traced, tmp_path)
    await traced.patch(f"/workflow/{workflow_id}/stop")
    await traced.get(f"/workflow/{workflow_id}/result", params={"wait": 30})

    node = await read_trace(traced, workflow_id)

    assert outline(node) == HELD
    assert node.attributes["status"] == "canceled"


async def test_a_reset_makes_a_new_file_and_leaves_the_old_one_alone(
    traced: httpx.AsyncClient, shared_stack: TracedStack, tmp_path: Path
) -> None:
    workflow_id = await start_held(traced, tmp_path)
    (tmp_path / "gate").touch()
    before = (await traced.get(f"/workflow/{workflow_id}/result", params={"wait": 30})).json()
    folder = shared_stack.project / "logs" / "runs" / "gated"
    await eventually(lambda: len(list(folder.glob(f"*_{workflow_id}*.json"))) == 1)
    (old,) = folder.glob(f"*_{workflow_id}*.json")
    content = old.read_bytes()

    reset = await traced.post(f"/workflow/{workflow_id}/reset", json={"stepName": "plain"})
    assert reset.status_code == 200, reset.text
    after = (await traced.get(f"/workflow/{workflow_id}/result", params={"wait": 30})).json()
    node = await read_trace(traced, workflow_id)

    assert after["trace"]["local"] == marked(before["trace"]["local"], node.id)
    assert node.id == reset.json()["runId"] != before["runId"]
    assert node.attributes["resetFrom"] == {"workflowId": workflow_id, "runId": before["runId"]}
    # What was not redone still shows what it told then.
    assert outline(node)[1] == ["step gated#plain", ["internal_step outer", ["internal_step in the thread"]]]
    await eventually(lambda: len(list(folder.glob(f"*_{workflow_id}*.json"))) == 2)
    assert Path(marked(str(old), node.id)).exists()
    assert old.read_bytes() == content


async def test_what_a_killed_worker_had_flushed_is_in_the_trace(stack: TracedStack, tmp_path: Path) -> None:
    worker = stack.start_worker()
    async with stack.start_api() as client:
        workflow_id = await start_held(client, tmp_path)
        worker.kill()
        (tmp_path / "gate").touch()
        stack.start_worker()
        result = await client.get(f"/workflow/{workflow_id}/result", params={"wait": 60})
        assert result.json()["output"] == "through and last"

        held = (await read_trace(client, workflow_id)).children[1]

    lost, last = held.children
    assert (lost.name, last.name) == ("attempt 1", "attempt 2")
    assert [child.name for child in lost.children] == ["before the gate", "the gate"]
    assert lost.error is not None
    assert lost.error.name == "TimeoutError"
    assert last.output == "through"


async def test_two_workers_one_killed_share_only_s3_and_leave_one_whole_trace(
    stack: TracedStack, door: Door, tmp_path: Path
) -> None:
    stack.variables |= s3_variables(door)
    other = tmp_path / "elsewhere"
    shutil.copytree(stack.project, other)
    first = stack.start_worker()
    async with stack.start_api(project=tmp_path) as client:
        workflow_id = await start_held(client, tmp_path)
        stack.start_worker(project=other)
        first.kill()
        (tmp_path / "gate").touch()
        result = (await client.get(f"/workflow/{workflow_id}/result", params={"wait": 60})).json()
        assert result["output"] == "through and last"
        async with asyncio.timeout(60):  # the last record may be on its way when the run has ended
            while True:
                reply = await client.get(f"/workflow/{workflow_id}/trace-log")
                log = TraceLog.model_validate_json(reply.content)
                assert log.data is not None
                names = [found.name for found in walk(log.data)]
                if names.count("in the thread") == 2:
                    break
                await asyncio.sleep(0.05)

    assert log.source == "remote"
    assert result["trace"]["local"] is None
    assert result["trace"]["remote"].startswith(f"s3://{BUCKET}/runs/gated/{workflow_id}/")
    assert names.count("before the gate") == 2
    assert [child.name for child in log.data.children[1].children] == ["attempt 1", "attempt 2"]


async def test_s3_that_is_down_is_not_felt_and_the_trace_is_complete_later(stack: TracedStack, door: Door) -> None:
    stack.variables |= s3_variables(door)
    door.shut()
    stack.start_worker()
    async with stack.start_api() as client:
        results = [await run(client, "tell", {"text": "x"}, timeout=20_000) for _ in range(3)]
        assert [result["status"] for result in results] == ["completed"] * 3
        workflow_id: str = results[-1]["workflowId"]
        meanwhile = await read_trace(client, workflow_id)
        assert outline(meanwhile) == ["workflow tell", ["step tell#ask"]]
        assert "incomplete" in meanwhile.attributes

        door.open_again()
        async with asyncio.timeout(60):
            while outline(await read_trace(client, workflow_id)) != [
                "workflow tell",
                ["step tell#ask", ["llm pretend-1"]],
            ]:
                await asyncio.sleep(0.2)
        assert "incomplete" not in (await read_trace(client, workflow_id)).attributes


async def test_a_truncated_answer_of_s3_never_becomes_a_trace(stack: TracedStack, door: Door) -> None:
    stack.variables |= s3_variables(door)
    stack.start_worker()
    async with stack.start_api() as client:
        result = await run(client, "bulky", 40_000)
        whole = await read_trace(client, result["workflowId"])

        door.cut_answers_after = 1_000
        cut = await read_trace(client, result["workflowId"])
        door.cut_answers_after = None

        assert outline(cut) == outline(whole)
        assert await read_trace(client, result["workflowId"]) == whole


async def test_what_a_step_told_after_its_run_was_sealed_is_added_when_somebody_looks(
    traced: httpx.AsyncClient, shared_stack: TracedStack
) -> None:
    result = await run(traced, "tell", {"text": "x"})
    await eventually(Path(result["trace"]["local"]).exists)
    assert outline(await read_trace(traced, result["workflowId"])) == [
        "workflow tell",
        ["step tell#ask", ["llm pretend-1"]],
    ]

    late = b'[9,0,1,{"id":"late","kind":"llm","name":"late","startedAt":1,"endedAt":2,"input":null,"attributes":{}}]\n'
    LocalStore(shared_stack.project).append(Chunk(PartKey(result["runId"], "1", 1), 1, late))

    assert outline(await read_trace(traced, result["workflowId"])) == [
        "workflow tell",
        ["step tell#ask", ["llm late"], ["llm pretend-1"]],
    ]
    assert '"name": "late"' in Path(result["trace"]["local"]).read_text()


async def test_a_sealed_trace_outlives_the_engines_memory(traced: httpx.AsyncClient, engine_address: str) -> None:
    result = await run(traced, "tell", {"text": "x"})
    before = await read_trace(traced, result["workflowId"])
    engine = await Client.connect(engine_address)
    execution = WorkflowExecution(workflow_id=result["workflowId"], run_id=result["runId"])
    await engine.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(namespace="default", workflow_execution=execution)
    )
    async with asyncio.timeout(60):
        while (await traced.get(f"/workflow/{result['workflowId']}/status")).status_code != 404:
            await asyncio.sleep(0.05)

    assert await read_trace(traced, result["workflowId"]) == before
    assert await read_trace(traced, result["workflowId"], result["runId"]) == before
    reply = await traced.get(f"/workflow/{result['workflowId']}/runs/{uuid.uuid4()}/trace-log")
    assert reply.status_code == 404


async def test_without_the_settings_there_is_no_memo_no_file_and_no_trace(stack: TracedStack) -> None:
    stack.variables["OUTPUT_TRACE_LOCAL_ON"] = "false"
    stack.start_worker()
    async with stack.start_api() as client:
        result = await run(client, "tell", {"text": "x"})
        reply = await client.get(f"/workflow/{result['workflowId']}/trace-log")

    assert result["trace"] is None
    assert reply.status_code == 404
    assert not (stack.project / "logs").exists()


async def test_a_run_that_was_started_without_the_api_publishes_its_own_memo(
    traced: httpx.AsyncClient, engine_address: str
) -> None:
    engine = await Client.connect(engine_address)
    workflow_id = f"direct-{uuid.uuid4().hex}"
    await engine.execute_workflow("tell", {"text": "x"}, id=workflow_id, task_queue="traced")

    result = (await traced.get(f"/workflow/{workflow_id}/result")).json()

    assert Path(result["trace"]["local"]).name.endswith(f"Z_{workflow_id}.json")
    await eventually(Path(result["trace"]["local"]).exists)
    assert outline(await read_trace(traced, workflow_id)) == ["workflow tell", ["step tell#ask", ["llm pretend-1"]]]


async def test_a_child_that_dies_with_its_parent_is_closed_in_the_sealed_trace(
    traced: httpx.AsyncClient, tmp_path: Path
) -> None:
    result = await run(traced, "guardian", str(tmp_path))
    path = Path(result["trace"]["local"])

    await eventually(path.exists)

    node = TraceNode.model_validate_json(path.read_bytes())
    child = next(found for found in node.children if found.kind == "workflow")
    assert child.attributes["status"] == "terminated"
    assert all(found.ended_at is not None for found in walk(node))


async def test_a_step_that_waits_for_its_next_try_shows_the_last_one(traced: httpx.AsyncClient) -> None:
    workflow_id = await start(traced, "sulking", "not today")
    async with asyncio.timeout(60):
        while True:
            (step, *_) = (await read_partial(traced, workflow_id)).children or [None]
            if step is not None and len(step.children) == 2:
                break
            await asyncio.sleep(0.05)
    await traced.post(f"/workflow/{workflow_id}/terminate")

    failed, waiting = step.children
    assert failed.error is not None
    assert (failed.name, failed.error.message) == ("attempt 1", "not today")
    assert failed.ended_at is not None
    assert (waiting.name, waiting.ended_at) == ("attempt 2", None)
    assert waiting.started_at > failed.ended_at + 30_000


async def test_s3_that_refuses_is_not_felt(stack: TracedStack, door: Door) -> None:
    stack.variables |= s3_variables(door) | {"OUTPUT_TRACE_REMOTE_S3_BUCKET": "somebody-elses"}
    worker = stack.start_worker()
    async with stack.start_api() as client:
        results = [await run(client, "tell", {"text": "x"}, timeout=20_000) for _ in range(3)]
        node = await read_trace(client, results[0]["workflowId"])

    assert [result["status"] for result in results] == ["completed"] * 3
    assert outline(node) == ["workflow tell", ["step tell#ask"]]
    assert worker.read_log().count("is not keeping up") == 1
