"""Servers for tests, each on a port of its own: the engine's dev server, workers and API servers."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

from output.dev.dev_server import command, find_binary
from tests.support.processes import Process, clean_environment, free_port, start_ready
from tests.support.waiting import wait_until

SAMPLE = Path(__file__).parents[1] / "projects" / "sample"


def start_engine(folder: Path, *, port: int | None = None, database: Path | None = None) -> tuple[Process, str]:
    """The engine's dev server and its address, once it accepts connections."""
    binary = find_binary()
    assert binary is not None, "the dev server comes with `output-workflows[dev]`"
    port = port or free_port()
    log = folder / f"engine-{port}.log"
    process = Process(command(binary, port=port, database=database), log=log, environment=clean_environment())
    try:
        wait_until(lambda: _listens(process, port), "the engine's start")
    except AssertionError as error:
        process.kill()
        raise RuntimeError(f"the engine did not start:\n{process.read_log()}") from error
    return process, f"127.0.0.1:{port}"


def _listens(process: Process, port: int) -> bool:
    if process.child.poll() is not None:
        raise RuntimeError(f"the engine ended:\n{process.read_log()}")
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start_worker(folder: Path, address: str, project: Path = SAMPLE, /, **variables: str) -> Process:
    """A worker of a project, once it polls and its catalog is published."""
    environment = clean_environment(TEMPORAL_ADDRESS=address, **variables)
    words = [sys.executable, "-m", "output.worker", "--project", str(project)]
    return start_ready(words, log=folder / f"worker-{time.monotonic_ns()}.log", environment=environment).process


def start_api(folder: Path, address: str, project: Path | None = None, /, **variables: str) -> tuple[Process, str]:
    """An API server and its URL, once it listens; started in the project's folder, if given."""
    environment = clean_environment(TEMPORAL_ADDRESS=address, OUTPUT_API_PORT="0", **variables)
    log = folder / f"api-{time.monotonic_ns()}.log"
    ready = start_ready([sys.executable, "-m", "output.api"], log=log, environment=environment, cwd=project)
    return ready.process, f"http://127.0.0.1:{ready.facts['port']}"
