"""The one way out of a process."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process now: exit handlers run, output is flushed, the interpreter is not finalized.

    Threads are not waited for: an entry point ends its own before. A process that used the engine's SDK
    may abort or hang while Python finalizes (its own threads race with it: 10 of 100 exits), so no entry
    point returns to the interpreter.
    """
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()  # type: ignore[attr-defined]  # noqa: SLF001 — no public name
    logs = sys.modules.get("logging")
    if logs is not None:  # else nobody logged, and importing it would cost the command line 10 ms
        logs.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)
