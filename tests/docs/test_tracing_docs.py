"""The example of docs/tracing.md runs, and its trace is what the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from output.models.traces import TraceLog, TraceNode
from tests.support.servers import start_api, start_worker

PAGE = (Path(__file__).parents[2] / "docs" / "tracing.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def draw(node: TraceNode, depth: int = 0) -> str:
    lines = [f"{'  ' * depth}{node.kind} {node.name}\n", *(draw(child, depth + 1) for child in node.children)]
    return "".join(lines)


async def test_the_page_shows_the_trace_that_its_example_leaves(tmp_path: Path, engine_address: str) -> None:
    for code in blocks("python"):
        path = tmp_path / code.partition("\n")[0].removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
    variables = {"OUTPUT_CATALOG_ID": "tracing-docs", "OUTPUT_TRACE_LOCAL_ON": "true"}
    worker = start_worker(tmp_path, engine_address, tmp_path, **variables)
    server, url = start_api(tmp_path, engine_address, tmp_path, **variables)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            given = {"workflowName": "summarize", "input": f"{url}/health?draft=1"}
            result = (await client.post("/workflow/run", json=given)).json()
            reply = await client.get(f"/workflow/{result['workflowId']}/trace-log")
    finally:
        worker.stop()
        server.stop()
    node = TraceLog.model_validate_json(reply.content).data
    assert node is not None
    drawn = draw(node).replace(f"{url}/health", "http://127.0.0.1/page")

    assert result["status"] == "completed"
    assert drawn == blocks("text")[0]
    shown = TraceNode.model_validate_json(blocks("json")[0])
    assert (shown.kind, shown.name, shown.attributes.keys()) == ("llm", "pretend-1", {"llm:usage"})


@pytest.mark.parametrize("kind", ["workflow", "step", "http", "llm", "attempt", "timer", "signal", "update", "webhook"])
def test_every_kind_is_explained(kind: str) -> None:
    assert f"`{kind}`" in PAGE or f"{kind} " in PAGE
