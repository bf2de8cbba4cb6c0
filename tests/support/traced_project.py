"""Real stores: a server that speaks S3, and a door in front of it that can be shut, slow or broken."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from pydantic import SecretStr

from output.config.settings import TraceSettings, load
from output.models.traces import TraceLog, TraceNode
from tests.stack import Process, free_port, start_api, start_worker

TRACED = Path(__file__).parents[1] / "projects" / "traced"
BUCKET = "traces"


class Door:
    """A TCP proxy to the S3 server; its faults are switched while connections come and go."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.delay = 0.0
        self.cut_answers_after: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """End for good."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def shut(self) -> None:
        """Nobody listens any more, and what was connected is cut; the port stays ours."""
        self.close()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))

    def open_again(self) -> None:
        """Listen on the same port."""
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        listener = self._listener
        with suppress(OSError):
            while True:
                client = listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.target))
                self._open |= {client, server}
                threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, "answer"), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, direction: str | None) -> None:
        passed = 0
        with suppress(OSError):
            while data := source.recv(65_536):
                if direction == "answer":
                    time.sleep(self.delay)
                    limit = self.cut_answers_after
                    if limit is not None and passed + len(data) > limit:
                        sink.sendall(data[: limit - passed])
                        break
                sink.sendall(data)
                passed += len(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._open.discard(end)


@pytest.fixture(scope="session")
def s3_port(tmp_path_factory: pytest.TempPathFactory) -> Generator[int]:
    """A server that speaks S3, in a process of its own, with a bucket."""
    port = free_port()
    log = (tmp_path_factory.mktemp("s3") / "s3.log").open("wb")
    words = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log, subprocess.Popen(words, stdout=log, stderr=log) as server:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, "the S3 server ended"
            time.sleep(0.05)
        client = boto3.client(  # type: ignore[reportUnknownMemberType]  # of services not in the stubs
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        with closing(client):
            client.create_bucket(Bucket=BUCKET)
        yield port
        server.kill()


@pytest.fixture
def door(s3_port: int) -> Generator[Door]:
    """A way to the S3 server that tests may disturb."""
    door = Door(s3_port)
    yield door
    door.delay = 0.0
    door.close()


def remote_settings(url: str, bucket: str = BUCKET) -> TraceSettings:
    """Settings of traces in that S3 server alone."""
    return load(
        TraceSettings,
        trace_remote=True,
        trace_s3_bucket=bucket,
        aws_region="us-east-1",
        aws_endpoint_url=url,
        aws_access_key_id=SecretStr("key"),
        aws_secret_access_key=SecretStr("secret"),
    )


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


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)
