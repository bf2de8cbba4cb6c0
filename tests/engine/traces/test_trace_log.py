"""The traces of real runs, as the API serves them and as they lie on disk."""

from __future__ import annotations

import asyncio
import json
import uuid
from pathlib import Path

import httpx
import pytest

from output.models.traces import TraceLog, TraceNode
from tests.support.traced_project import TracedStack, outline, read_trace, run, start, walk
from tests.support.waiting import eventually


async def test_a_trace_nests_what_a_step_tells(traced: httpx.AsyncClient) -> None:
    url = f"{traced.base_url}/health?api_key=planted-query"
    result = await run(traced, "tell", {"text": "hello", "url": url})

    node = await read_trace(traced, result["workflowId"])

    (step,) = node.children
    (llm,) = step.children
    (request,) = llm.children
    assert outline(node) == [
        "workflow tell",
        ["step tell#ask", ["llm pretend-1", [f"http GET {str(traced.base_url).rstrip('/')}/health?api_key=***"]]],
    ]
    assert node.id == result["runId"]
    assert (node.output, step.output, llm.output) == ({"text": "HELLO", "tokens": 5},) * 3
    assert llm.attributes == {"llm:usage": {"output_tokens": 5}}
    assert request.attributes == {"http:status": 200}
    for parent, child in ((node, step), (step, llm), (llm, request)):
        assert child.ended_at is not None
        assert parent.ended_at is not None
        assert parent.started_at <= child.started_at <= child.ended_at <= parent.ended_at
    assert len({found.id for found in walk(node)}) == 4


async def test_the_memo_tells_where_the_sealed_file_is_and_it_is_there_within_a_moment(
    traced: httpx.AsyncClient, shared_stack: TracedStack
) -> None:
    result = await run(traced, "tell", {"text": "hello"})
    path = Path(result["trace"]["local"])

    assert path.parent == shared_stack.project / "logs" / "runs" / "tell"
    assert path.name.endswith(f"Z_{result['workflowId']}.json")
    await eventually(path.exists)
    log = TraceLog.model_validate_json((await traced.get(f"/workflow/{result['workflowId']}/trace-log")).content)
    assert (log.source, log.local_path, log.run_id) == ("local", str(path), result["runId"])
    assert log.data == TraceNode.model_validate_json(path.read_bytes())


async def test_no_secret_reaches_a_trace(traced: httpx.AsyncClient, shared_stack: TracedStack) -> None:
    url = f"http://me:planted-pw@{traced.base_url.host}:{traced.base_url.port}/health?token=planted-query"
    result = await run(traced, "tell", {"text": "hi", "url": url, "password": "planted-password"})

    reply = await traced.get(f"/workflow/{result['workflowId']}/trace-log")

    assert reply.status_code == 200
    assert "planted" not in reply.text
    await eventually(Path(result["trace"]["local"]).exists)
    kept = [path for path in (shared_stack.project / "logs").rglob("*") if path.is_file()]
    assert not [path for path in kept if "planted" in path.read_text()]


async def test_each_attempt_shows_its_error_its_times_and_its_calls(traced: httpx.AsyncClient, tmp_path: Path) -> None:
    result = await run(traced, "retry", str(tmp_path))

    (step,) = (await read_trace(traced, result["workflowId"])).children

    assert (step.output, step.error) == (3, None)
    assert [(attempt.kind, attempt.name) for attempt in step.children] == [
        ("attempt", f"attempt {number}") for number in (1, 2, 3)
    ]
    errors = [attempt.error.message if attempt.error else None for attempt in step.children]
    assert errors == [f"attempt {n} of postgres://***@db/main was cut off" for n in (1, 2)] + [None]
    assert [outline(child) for attempt in step.children for child in attempt.children] == [
        [f"internal_step try {number}"] for number in (1, 2, 3)
    ]
    starts = [attempt.started_at for attempt in step.children]
    assert starts == sorted(starts)
    assert step.children[-1].output == 3


async def test_a_failed_run_tells_what_was_raised_and_where(traced: httpx.AsyncClient) -> None:
    result = await run(traced, "failing", "no more")

    node = await read_trace(traced, result["workflowId"])

    (step,) = node.children
    for found in (node, step, step.children[0]):
        assert found.error is not None
        assert (found.error.name, found.error.message) == ("ValueError", "no more")
    assert step.error is not None
    assert "in explode" in (step.error.stack or "")
    assert "temporalio" not in (step.error.stack or "")


async def test_children_nest_and_a_detached_one_is_a_reference(traced: httpx.AsyncClient) -> None:
    result = await run(traced, "family", {"text": "x"})

    node = await read_trace(traced, result["workflowId"])

    attached, silent, detached = node.children
    assert outline(attached) == ["workflow tell", ["step tell#ask", ["llm pretend-1"]]]
    assert attached.attributes["parent"] == {"workflowId": node.attributes["workflowId"], "runId": node.id}
    assert (silent.name, silent.children, silent.output) == ("silent", [], {"text": "X", "tokens": 1})
    assert (detached.attributes["detached"], detached.children) == (True, [])
    own = await read_trace(traced, str(detached.attributes["workflowId"]), str(detached.attributes["runId"]))
    assert outline(own) == ["workflow tell", ["step tell#ask", ["llm pretend-1"]]]
    trace = detached.attributes["trace"]
    assert isinstance(trace, dict)
    await eventually(Path(str(trace["local"])).exists)
    assert len({found.id for found in walk(node)}) == len(list(walk(node)))


async def test_an_attached_child_can_be_asked_for_on_its_own(traced: httpx.AsyncClient) -> None:
    result = await run(traced, "family", {"text": "x"})
    attached = (await read_trace(traced, result["workflowId"])).children[0]

    reply = await traced.get(f"/workflow/{attached.attributes['workflowId']}/trace-log")

    log = TraceLog.model_validate_json(reply.content)
    assert log.local_path == result["trace"]["local"]
    assert log.data == attached


async def test_continue_as_new_leaves_a_trace_for_each_run_with_its_neighbours(traced: httpx.AsyncClient) -> None:
    workflow_id = f"rounds-{uuid.uuid4().hex}"
    result = await run(traced, "rounds", 2, workflowId=workflow_id)

    last = await read_trace(traced, workflow_id)
    middle = await read_trace(traced, workflow_id, neighbour(last, "continuedFrom"))
    first = await read_trace(traced, workflow_id, neighbour(middle, "continuedFrom"))

    assert (first.output, middle.output, last.output) == ("<<continued_as_new>>", "<<continued_as_new>>", "over")
    assert (neighbour(first, "continuedTo"), neighbour(middle, "continuedTo")) == (middle.id, last.id)
    assert "continuedFrom" not in first.attributes
    assert last.id == result["runId"]
    folder = Path(result["trace"]["local"]).parent
    await eventually(lambda: len(list(folder.glob(f"*{workflow_id}*.json"))) == 3)


def neighbour(node: TraceNode, side: str) -> str:
    found = node.attributes[side]
    assert isinstance(found, dict)
    return str(found["runId"])


async def test_signals_updates_and_timers_explain_time(traced: httpx.AsyncClient) -> None:
    workflow_id = await start(traced, "talk", None)
    await traced.post(f"/workflow/{workflow_id}/signal/say", json={"payload": {"text": "one"}})
    reply = await traced.post(f"/workflow/{workflow_id}/update/add", json={"payload": {"text": "two"}})
    assert reply.json() == 2
    await traced.get(f"/workflow/{workflow_id}/result", params={"wait": 30})

    node = await read_trace(traced, workflow_id)

    kinds = {child.kind: child for child in node.children}
    assert set(kinds) == {"signal", "update", "timer", "step"}
    assert (kinds["signal"].name, kinds["signal"].input) == ("say", {"text": "one"})
    assert (kinds["update"].name, kinds["update"].output) == ("add", 2)
    assert kinds["timer"].attributes["seconds"] == 0.02
    assert kinds["timer"].ended_at is not None


async def test_a_webhook_wait_lasts_until_its_feedback(traced: httpx.AsyncClient) -> None:
    workflow_id = await start(traced, "consult", f"{traced.base_url}/heartbeat")
    async with asyncio.timeout(60):
        while True:
            reply = await traced.get(f"/workflow/{workflow_id}/trace-log", params={"partial": "true"})
            (webhook, *_) = TraceLog.model_validate_json(reply.content).data.children or [None]  # type: ignore[union-attr]  # partial has data
            if webhook is not None and "postedAt" in webhook.attributes:
                break
            await asyncio.sleep(0.05)
    assert webhook.ended_at is None
    await traced.post(f"/workflow/{workflow_id}/feedback", json={"payload": "go"})
    await traced.get(f"/workflow/{workflow_id}/result", params={"wait": 30})

    node = await read_trace(traced, workflow_id)

    assert outline(node) == ["workflow consult", ["webhook consult#await_webhook"]]
    assert node.children[0].output == "go"


async def test_an_evaluator_is_told_apart(traced: httpx.AsyncClient) -> None:
    result = await run(traced, "judged", "short")

    (node,) = (await read_trace(traced, result["workflowId"])).children

    assert (node.kind, node.name) == ("evaluator", "judged#is_short")


async def test_a_large_value_is_cut_and_says_where_the_whole_is(traced: httpx.AsyncClient) -> None:
    result = await run(traced, "bulky", 300_000)

    (step,) = (await read_trace(traced, result["workflowId"])).children

    assert isinstance(step.output, dict)
    assert step.output["bytes"] == 300_002
    path, _, event = str(step.output["whole"]).rpartition(" event ")
    page = (await traced.get(path)).json()
    (found,) = [entry for entry in page["events"] if entry["eventId"] == event]
    assert len(found["activityTaskCompletedEventAttributes"]["result"][0]) == 300_000


async def test_an_open_run_is_424_and_partial_shows_the_tree_so_far(traced: httpx.AsyncClient, tmp_path: Path) -> None:
    workflow_id = await start(traced, "gated", str(tmp_path))

    refused = await traced.get(f"/workflow/{workflow_id}/trace-log")
    assert (refused.status_code, refused.json()["error"]) == (424, "WorkflowNotCompletedError")

    expected = [
        "workflow gated",
        ["step gated#plain", ["internal_step outer", ["internal_step in the thread"]]],
        ["step gated#hold", ["internal_step before the gate"], ["internal_step the gate"]],
    ]
    async with asyncio.timeout(60):
        while True:
            reply = await traced.get(f"/workflow/{workflow_id}/trace-log", params={"partial": "true"})
            node = TraceLog.model_validate_json(reply.content).data
            assert node is not None
            if outline(node) == expected:
                break
            await asyncio.sleep(0.05)
    assert node.ended_at is None
    assert node.children[1].ended_at is None
    (tmp_path / "gate").touch()
    await traced.get(f"/workflow/{workflow_id}/result", params={"wait": 30})
    assert (await read_trace(traced, workflow_id)).ended_at is not None


async def test_trace_false_leaves_no_memo_and_no_file(traced: httpx.AsyncClient, shared_stack: TracedStack) -> None:
    result = await run(traced, "silent", {"text": "x"})

    assert result["trace"] is None
    reply = await traced.get(f"/workflow/{result['workflowId']}/trace-log")
    assert (reply.status_code, reply.json()["error"]) == (404, "TraceNotAvailableError")
    assert not list((shared_stack.project / "logs").rglob(f"*{result['runId']}*"))


async def test_an_unknown_workflow_has_no_trace(traced: httpx.AsyncClient) -> None:
    reply = await traced.get(f"/workflow/{uuid.uuid4()}/trace-log")

    assert (reply.status_code, reply.json()["error"]) == (404, "WorkflowNotFoundError")


@pytest.mark.parametrize("hostile", ["../../../etc/passwd", "a/b", "ü" * 200, "x" * 255])
async def test_any_workflow_id_has_a_file_in_its_folder(
    traced: httpx.AsyncClient, shared_stack: TracedStack, hostile: str
) -> None:
    result = await run(traced, "tell", {"text": "x"}, workflowId=f"{hostile[:240]}-{uuid.uuid4().hex[:12]}")
    path = Path(result["trace"]["local"])

    await eventually(path.exists)
    assert path.parent == shared_stack.project / "logs" / "runs" / "tell"
    assert json.loads(path.read_text())["id"] == result["runId"]
