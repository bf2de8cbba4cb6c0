"""Several worker processes under one parent: started together, stopped together, restarted when one dies."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from output.supervision.restart_policy import RestartPolicy

log = structlog.get_logger("output.worker")

_QUICK = 30.0  # seconds; a child that lives shorter did not start


def supervise(count: int, command: Sequence[str], *, metrics_port: int | None = None) -> int:
    """Run `count` children until SIGTERM or SIGINT; the exit code is 1 when they keep dying at their start.

    Each has a port of metrics of its own, counted from `metrics_port`.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    children = [_Child(index, command, _own(metrics_port, index)) for index in range(count)]
    code = 0
    while not stopping.is_set():
        if not all(child.keep_alive() for child in children):
            code = 1
            break
        stopping.wait(0.2)
    for child in children:
        child.terminate()
    for child in children:
        child.wait()
    return code


def _own(metrics_port: int | None, index: int) -> Mapping[str, str]:
    """The variables in which a child differs from the others."""
    return {"OUTPUT_METRICS_PORT": str(metrics_port + index)} if metrics_port else {}


class _Child:
    """One worker process and how often it died."""

    def __init__(self, index: int, command: Sequence[str], own: Mapping[str, str]) -> None:
        self._index = index
        self._command = command
        self._own = own
        self._deaths = RestartPolicy()
        self._start_at: float | None = None
        self._process = self._start()

    def keep_alive(self) -> bool:
        """Restart the process if it has died, after a pause; False when that is of no use."""
        now = time.monotonic()
        if self._start_at is not None:
            if now >= self._start_at:
                self._process, self._start_at = self._start(), None
            return True
        code = self._process.poll()
        return code is None or self._record_death(code, now)

    def _record_death(self, code: int, now: float) -> bool:
        is_young = now - self._started < _QUICK
        pause = self._deaths.record(now, was_ready=not is_young)
        # 1 is what a worker says of faults in the project or its settings: another would say the same.
        if pause is None or (code == 1 and is_young):
            log.error("worker process keeps dying", process=self._index, exit_code=code)
            return False
        log.warning("worker process died, starting another", process=self._index, exit_code=code)
        self._start_at = now + pause.total_seconds()
        return True

    def terminate(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self) -> None:
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self._started = time.monotonic()
        return subprocess.Popen(self._command, cwd=Path.cwd(), env={**os.environ, **self._own})
