"""Several worker processes under one parent: started together, stopped together, restarted when one dies."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

log = structlog.get_logger("output.worker")

_QUICK = 30.0  # seconds; a child that lives shorter did not start
_MAX_QUICK_EXITS = 3


def supervise(count: int, command: Sequence[str]) -> int:
    """Run `count` children until SIGTERM or SIGINT; the exit code is 1 when they keep dying at their start."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    children = [_Child(index, command) for index in range(count)]
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


class _Child:
    """One worker process and how often it died young."""

    def __init__(self, index: int, command: Sequence[str]) -> None:
        self._index = index
        self._command = command
        self._quick_exits = 0
        self._process = self._start()

    def keep_alive(self) -> bool:
        """Restart the process if it has died; False when that is of no use."""
        code = self._process.poll()
        if code is None:
            return True
        lived = time.monotonic() - self._started
        self._quick_exits = self._quick_exits + 1 if lived < _QUICK else 0
        # 1 is what a worker says of faults in the project or its settings: another would say the same.
        if (code == 1 and lived < _QUICK) or self._quick_exits >= _MAX_QUICK_EXITS:
            log.error("worker process keeps dying", process=self._index, exit_code=code)
            return False
        log.warning("worker process died, starting another", process=self._index, exit_code=code)
        self._process = self._start()
        return True

    def terminate(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self) -> None:
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self._started = time.monotonic()
        return subprocess.Popen(self._command, cwd=Path.cwd(), env=os.environ)
