"""The traced project with its worker and API server, and what tests read of its traces."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import AsyncGenerator, Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from output.models.traces import TraceLog, TraceNode
from tests.support.processes import Process
from tests.support.servers import start_api, start_worker

TRACED = Path(__file__).parents[1] / "projects" / "traced"


class TracedStack:
    """Processes around one copy of the traced project, on the shared engine."""

    def __init__(self, folder: Path, address: str, catalog: str, **variables: str) -> None:
        self.folder, self.address = folder, address
        self.project = folder / "project"
        shutil.copytree(TRACED, self.project)
        self.variables = {"OUTPUT_CATALOG_ID": catalog, "OUTPUT_TRACE_LOCAL_ON": "true", **variables}
        self._processes: list[Process] = []

    def start_worker(self, *, project: Path | None = None, **variables: str) -> Process:
        found = start_worker(self.folder, self.address, project or self.project, **(self.variables | variables))
        self._processes.append(found)
        return found

    def start_api(self, *, project: Path | None = None, **variables: str) -> httpx.AsyncClient:
        process, url = start_api(self.folder, self.address, project or self.project, **(self.variables | variables))
        self._processes.append(process)
        return httpx.AsyncClient(base_url=url, timeout=60)

    def end(self) -> None:
        while self._processes:
            self._processes.pop().kill()


@pytest.fixture
def stack(tmp_path: Path, engine_address: str) -> Generator[TracedStack]:
    """Processes of one test's own."""
    stack = TracedStack(tmp_path, engine_address, f"traced-{uuid.uuid4().hex}")
    yield stack
    stack.end()


@pytest.fixture(scope="session")
def shared_stack(tmp_path_factory: pytest.TempPathFactory, engine_address: str) -> Generator[TracedStack]:
    """A worker that traces into files, for all tests that disturb nobody."""
    stack = TracedStack(tmp_path_factory.mktemp("traced"), engine_address, "traced")
    stack.start_worker()
    yield stack
    stack.end()


@pytest.fixture(scope="session")
async def traced(shared_stack: TracedStack) -> AsyncGenerator[httpx.AsyncClient]:
    """An API server that knows the shared project's files."""
    async with shared_stack.start_api() as client:
        yield client


async def run(client: httpx.AsyncClient, workflow: str, given: object, **fields: object) -> dict[str, Any]:
    """The result payload of a run."""
    reply = await client.post("/workflow/run", json={"workflowName": workflow, "input": given, **fields})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def start(client: httpx.AsyncClient, workflow: str, given: object, **fields: object) -> str:
    """The ID of a workflow that goes on."""
    reply = await client.post("/workflow/start", json={"workflowName": workflow, "input": given, **fields})
    assert reply.status_code == 200, reply.text
    found: str = reply.json()["workflowId"]
    return found


async def read_trace(client: httpx.AsyncClient, workflow_id: str, run_id: str | None = None) -> TraceNode:
    """A run's whole trace."""
    pin = "" if run_id is None else f"/runs/{run_id}"
    reply = await client.get(f"/workflow/{workflow_id}{pin}/trace-log")
    assert reply.status_code == 200, reply.text
    log = TraceLog.model_validate_json(reply.content)
    assert log.data is not None
    return log.data


def outline(node: TraceNode) -> list[object]:
    """Kind and name of a node and of all below it."""
    return [f"{node.kind} {node.name}", *map(outline, node.children)]


def walk(node: TraceNode) -> Iterator[TraceNode]:
    """The node and all below it."""
    yield node
    for child in node.children:
        yield from walk(child)
