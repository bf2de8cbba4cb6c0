"""Real processes for tests, with nothing inherited that would change what they do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest


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


@pytest.fixture
def processes() -> Generator[list[Process]]:
    """A list for the processes that a test starts; they are killed after it."""
    started: list[Process] = []
    yield started
    for process in started:
        process.kill()
