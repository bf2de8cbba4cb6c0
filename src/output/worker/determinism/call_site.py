"""Whose call it is: walks up from a refused call to the author's line."""

from __future__ import annotations

import linecache
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from output.worker.project.layout import is_authored

ALLOW = "# output: allow"
# A call by one of these is the runtime's own need, not the workflow's: a log record's time, a module that is being
# imported, a line for a traceback, a time zone's table, a span, a debugger.
_EXEMPT = frozenset({
    "importlib", "logging", "linecache", "tokenize", "traceback", "warnings", "inspect", "weakref", "zoneinfo",
    "structlog", "loguru", "logfire", "opentelemetry", "sentry_sdk", "ddtrace",
    "coverage", "bdb", "pdb", "pydevd", "_pydevd_bundle", "_pydevd_sys_monitoring", "debugpy",
})  # fmt: skip
# These run below every workflow; what they call themselves is theirs, what is called through them is not.
_MACHINERY = frozenset({"output", "temporalio"})


@dataclass(frozen=True)
class Culprit:
    """The line to show, and the library through which the call was made, if not by that line itself."""

    file: Path
    line: int
    library: str | None


def find_culprit(frame: FrameType | None, root: Path) -> Culprit | None:
    """The line of workflow code that is behind a call made in `frame`, or None if the call may pass."""
    library: FrameType | None = None
    is_immediate = True
    while frame is not None:
        module = _module_of(frame)
        package = module.partition(".")[0]
        if package in _EXEMPT or frame.f_code.co_name in {"<module>", "__del__"}:
            return None
        if package in _MACHINERY:
            if is_immediate:
                return None
        elif module == "asyncio.events":
            break  # below are the loop and the worker's thread
        elif is_authored(root, frame.f_code.co_filename):
            return None if _is_logging(frame) else _culprit(frame, library)
        elif library is None or package != "asyncio":
            library = frame
        is_immediate = False
        frame = frame.f_back
    # A library's coroutine that runs as a task of its own, or a model's factory while an input is parsed.
    return None if library is None else _culprit(library, library)


def _culprit(frame: FrameType, library: FrameType | None) -> Culprit | None:
    file, line = frame.f_code.co_filename, frame.f_lineno
    if ALLOW in linecache.getline(file, line):
        return None
    return Culprit(Path(file), line, None if library is None else _module_of(library).partition(".")[0])


def _is_logging(frame: FrameType | None) -> bool:
    """Whether the frame is a log handler or formatter of the author's, at work on a record."""
    while frame is not None:
        if _module_of(frame) == "logging":
            return True
        frame = frame.f_back
    return False


def _module_of(frame: FrameType) -> str:
    name: object = frame.f_globals.get("__name__")
    return name if isinstance(name, str) else ""
