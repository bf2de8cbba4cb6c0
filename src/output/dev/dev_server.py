"""The official Temporal dev server: where its binary is and how it is started."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

# Measured: without these a one-step run takes 100 ms instead of 30 (a 50 ms tick per task), three
# continue-as-news 3 s instead of 0.1, and p99 at 50 concurrent runs is three times as long.
_DYNAMIC_CONFIG = (
    "history.transferProcessorMaxPollRPS=1000",
    "history.timerProcessorMaxPollRPS=1000",
    'history.workflowIdReuseMinimalInterval="0s"',
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    "frontend.namespaceCount=20000",
)
FLAGS: tuple[str, ...] = (
    *(word for value in _DYNAMIC_CONFIG for word in ("--dynamic-config-value", value)),
    *("--sqlite-pragma", "journal_mode=WAL"),
    *("--sqlite-pragma", "synchronous=NORMAL"),
    *("--search-attribute", "OutputTags=KeywordList"),  # where runs keep their tags
)


def find_binary(named: str | None = None) -> Path | None:
    """The dev server's binary: the named one, else the one of `output-workflows[dev]`, else one on the PATH."""
    if named is not None:
        found = shutil.which(named)
        return Path(found) if found is not None else None
    executable = "temporal.exe" if sys.platform == "win32" else "temporal"
    beside_python = Path(sysconfig.get_path("scripts")) / executable
    if os.access(beside_python, os.X_OK):
        return beside_python
    on_path = shutil.which("temporal")
    return Path(on_path) if on_path is not None else None


def command(
    binary: Path, *, port: int, database: Path | None, namespace: str = "default", ui_port: int | None = None
) -> list[str]:
    """The command line that serves on loopback only; without a `ui_port` there is no UI."""
    words = [str(binary), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    words += ["--namespace", namespace, *FLAGS]
    words += ["--headless"] if ui_port is None else ["--ui-port", str(ui_port)]
    if database is not None:
        words += ["--db-filename", str(database)]
    return words
