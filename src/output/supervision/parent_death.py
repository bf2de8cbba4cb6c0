"""No child outlives `output dev`, not even after `kill -9`."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Self

_WATCHDOG = Path(__file__).with_name("watchdog.py")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Watchdog:
    """A process that kills the listed process groups once this one is gone."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_WATCHDOG)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pipe = self._process.stdin
        if pipe is not None:
            pipe.close()
        self._process.wait(timeout=5)

    def add(self, group: int) -> None:
        self._report(f"+{group}\n")

    def remove(self, group: int) -> None:
        self._report(f"-{group}\n")

    def _report(self, line: str) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            pipe.write(line.encode())
            pipe.flush()
        except BrokenPipeError:  # somebody killed it; on Linux the kernel still does its part
            return


def die_with_parent() -> Callable[[], None] | None:
    """What a child calls before it becomes its program, so that the kernel kills it with us; None but on Linux.

    The kernel goes by the parent's *thread*: start children from the main one.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we had asked
            os._exit(1)

    return ask_kernel
