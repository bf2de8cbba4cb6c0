"""Guards workflow code at the source: what cannot be replayed raises there, and nowhere else."""

from __future__ import annotations

import asyncio
import builtins
import functools
import inspect
import io
import os
import random
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import uuid
from asyncio import (
    _get_running_loop as running_loop,  # pyright: ignore[reportPrivateUsage] — meant for runtimes; no exception to pay
)
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import ParamSpec, TypeVar, cast

from output.authoring.runtime.protocol import ATTRIBUTE
from output.errors import WorkflowCodeForbiddenError
from output.worker.determinism import rules as forbidden
from output.worker.determinism.call_site import find_culprit
from output.worker.determinism.rules import Rule

P = ParamSpec("P")
R = TypeVar("R")
_INSTALLED = (
    *{sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")},
    "/usr/share/zoneinfo/",
)
Accepts = Callable[[tuple[object, ...]], bool]


class _Guard:
    """What is installed in this process, and where its project lies."""

    def __init__(self) -> None:
        self.root: Path | None = None
        self.replaced: list[tuple[object, str, object]] = []
        self.local = threading.local()

    @property
    def is_lifted(self) -> bool:
        return self.root is None or getattr(self.local, "lifted", 0) > 0


_guard = _Guard()


def install(project_root: Path) -> None:
    """Refuse in workflow code, from now on, what cannot be replayed; a second call only moves the root.

    Install it before authored modules are imported, so that `from time import time` binds the guarded one.
    """
    is_installed = _guard.root is not None
    _guard.root = project_root.resolve()
    if not is_installed:
        _install_clock_and_random()
        _install_files()
        _install_network()
        _install_threads_and_processes()


def uninstall() -> None:
    """Put the originals back; guarded functions that others hold pass everything on."""
    _guard.root = None
    while _guard.replaced:
        owner, name, original = _guard.replaced.pop()
        setattr(owner, name, original)


@contextmanager
def unguarded() -> Generator[None]:
    """Lift the guard for the code within, which must not await."""
    _guard.local.lifted = getattr(_guard.local, "lifted", 0) + 1
    try:
        yield
    finally:
        _guard.local.lifted -= 1


class _Function(staticmethod):  # pyright: ignore[reportMissingTypeArgument] — takes none on Python 3.11
    """A guarded function that, like the built-in it stands for, binds to no instance, equals it and pickles by name."""

    def __init__(self, guarded: Callable[P, R], original: Callable[P, R]) -> None:
        super().__init__(guarded)
        self.original = original

    def __eq__(self, other: object) -> bool:
        return other is self or other == self.original

    def __hash__(self) -> int:
        return hash(self.original)

    def __reduce__(self) -> str:
        return self.original.__qualname__


def _install_clock_and_random() -> None:
    for name in forbidden.CLOCK_FUNCTIONS:
        _replace(time, name, forbidden.CLOCK)
    for name in forbidden.CLOCK_WITHOUT_ARGUMENT:
        _replace(time, name, forbidden.CLOCK, accepts=bool)
    _replace(time, "strftime", forbidden.CLOCK, accepts=lambda args: len(args) > 1)
    _replace(time, "sleep", forbidden.BLOCKING)
    for name, value in list(vars(random).items()):
        # The module's functions are methods of one hidden generator.
        if not name.startswith("_") and isinstance(getattr(value, "__self__", None), random.Random):
            _replace(random, name, forbidden.RANDOM)
    _replace(random, "_urandom", forbidden.RANDOM, call="random.SystemRandom")  # bound there at import; `secrets` too
    _replace_method(random.Random, "seed", forbidden.RANDOM, call="random.Random", accepts=_is_seeded)
    _replace(os, "urandom", forbidden.RANDOM)
    _replace(os, "getrandom", forbidden.RANDOM)
    for name in forbidden.IDENTITY_FUNCTIONS:
        _replace(uuid, name, forbidden.IDENTITY)


def _install_files() -> None:
    _replace(builtins, "open", forbidden.FILES, call="open", accepts=_is_installed)
    _replace(io, "open", forbidden.FILES, call="open", accepts=_is_installed)
    for name in forbidden.FILE_FUNCTIONS:
        _replace(os, name, forbidden.FILES, accepts=_is_installed)
    _replace(builtins, "input", forbidden.TERMINAL, call="input")


def _install_network() -> None:
    for name in forbidden.NETWORK_FUNCTIONS:
        _replace(socket, name, forbidden.NETWORK)
    _replace_method(socket.socket, "__init__", forbidden.NETWORK, call="socket.socket")
    # The engine's loop for workflows leaves these as `asyncio` declares them: raising a bare NotImplementedError.
    for name in forbidden.LOOP_NETWORK:
        _replace_method(asyncio.AbstractEventLoop, name, forbidden.NETWORK, call=f"loop.{name}")


def _install_threads_and_processes() -> None:
    _replace_method(threading.Thread, "start", forbidden.THREADS, call="threading.Thread.start")
    _replace_method(subprocess.Popen, "__init__", forbidden.PROCESSES, call="subprocess.Popen")
    for name in forbidden.PROCESS_FUNCTIONS:
        _replace(os, name, forbidden.PROCESSES)
    for name in forbidden.LOOP_THREADS:
        _replace_method(asyncio.AbstractEventLoop, name, forbidden.THREADS, call=f"loop.{name}")
    for name in forbidden.LOOP_PROCESSES:
        _replace_method(asyncio.AbstractEventLoop, name, forbidden.PROCESSES, call=f"loop.{name}")


def _is_seeded(args: tuple[object, ...]) -> bool:
    return len(args) > 1 and args[1] is not None


def _is_installed(args: tuple[object, ...]) -> bool:
    """Whether a file belongs to Python or an installed package: its data are as fixed as its code."""
    return bool(args) and isinstance(args[0], str | Path) and str(args[0]).startswith(_INSTALLED)


def _replace(owner: object, name: str, rule: Rule, *, call: str | None = None, accepts: Accepts | None = None) -> None:
    original: Callable[..., object] | None = getattr(owner, name, None)
    if original is None:  # this platform or Python has none
        return
    shown = call or f"{cast('str', getattr(owner, '__name__', ''))}.{name}"
    guarded = _Function(_guarded(original, f"{shown}()", rule, accepts), original)
    _guard.replaced.append((owner, name, original))
    setattr(owner, name, guarded)


def _replace_method(owner: type, name: str, rule: Rule, *, call: str, accepts: Accepts | None = None) -> None:
    original: Callable[..., object] = getattr(owner, name)
    _guard.replaced.append((owner, name, original))
    setattr(owner, name, _guarded(original, f"{call}()", rule, accepts))


def _guarded(original: Callable[P, R], call: str, rule: Rule, accepts: Accepts | None) -> Callable[P, R]:
    @functools.wraps(original)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        # Nearly every call leaves here: a worker's own loop and its threads run no workflow code.
        loop = running_loop()
        if loop is not None and hasattr(loop, ATTRIBUTE) and not (accepts and accepts(args)):
            _refuse(call, rule)
        return original(*args, **kwargs)

    return guarded


def _caller() -> FrameType | None:
    # Past this function, `_refuse` and the guarded function.
    frame = inspect.currentframe()
    for _ in range(3):
        frame = frame.f_back if frame is not None else None
    return frame


def _refuse(call: str, rule: Rule) -> None:
    root = _guard.root
    if root is None or _guard.is_lifted:
        return
    with unguarded():
        culprit = find_culprit(_caller(), root)
        if culprit is None:
            return
        told = forbidden.rule_for(rule, culprit.library)
        error = WorkflowCodeForbiddenError(
            call if culprit.library is None else f"{call}, called by {culprit.library},",
            where=f"{_shown(culprit.file, root)}:{culprit.line}",
            why=told.why,
            remedy=told.remedy,
        )
    raise error


def _shown(file: Path, root: Path) -> Path:
    """A path without what comes before the project, or before the library."""
    for folder in (root, *sys.path):
        if file.is_relative_to(folder):
            return file.relative_to(folder)
    return file
