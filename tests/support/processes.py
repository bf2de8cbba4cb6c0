"""Real processes for tests: the engine's dev server, workers and API servers, each on ports of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from output.dev.dev_server import command, find_binary

SAMPLE = Path(__file__).parent / "projects" / "sample"
READY_SECONDS = 60.0  # a bound, never a pace: machines under load take their time


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def clean_environment(**variables: str) -> dict[str, str]:
    """This process's environment without settings of ours or the engine's, plus the given ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OUTPUT_", "TEMPORAL_", "AWS_"))}
    kept.pop("NODE_ENV", None)
    return kept | variables


class Process:
    """One child with its log in a file; stopped by SIGTERM, killed when that does not help."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        inherit: int | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.log = log
        with log.open("wb") as sink:
            self.child = subprocess.Popen(
                words,
                stdout=subprocess.DEVNULL,
                stderr=sink,
                env=dict(environment),
                pass_fds=() if inherit is None else (inherit,),
                cwd=cwd,
            )

    @property
    def pid(self) -> int:
        return self.child.pid

    def stop(self, *, seconds: float = 20) -> int:
        """Ask it to end; the exit code."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End it as a power cut would."""
        self.child.kill()
        self.child.wait()

    def read_log(self) -> str:
        return self.log.read_text(errors="replace")


@dataclass(frozen=True)
class Ready:
    """A child that has said that it is ready, and what it said."""

    process: Process
    facts: Mapping[str, object]


def start_ready(words: Sequence[str], *, log: Path, environment: Mapping[str, str], cwd: Path | None = None) -> Ready:
    """Start a child and wait until it says that it is ready; raises RuntimeError with its log."""
    readable, writable = os.pipe()
    environment = {**environment, "OUTPUT_READY_FD": str(writable)}
    child = Process(words, log=log, environment=environment, inherit=writable, cwd=cwd)
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe:
        line = pipe.readline()  # ends with the child at the latest
    if not line:
        code = child.child.wait()
        raise RuntimeError(f"{' '.join(words)} ended with {code}:\n{child.read_log()}")
    return Ready(child, json.loads(line))


def start_engine(folder: Path, *, port: int | None = None, database: Path | None = None) -> tuple[Process, str]:
    """The engine's dev server and its address, once it accepts connections."""
    binary = find_binary()
    assert binary is not None, "the dev server comes with `output[dev]`"
    port = port or free_port()
    log = folder / f"engine-{port}.log"
    process = Process(command(binary, port=port, database=database), log=log, environment=clean_environment())
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.child.poll() is not None:
            raise RuntimeError(f"the engine ended:\n{process.read_log()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"127.0.0.1:{port}"
        time.sleep(0.02)
    process.kill()
    raise RuntimeError(f"the engine did not start:\n{process.read_log()}")


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
