"""What the guard refuses in workflow code, and what it leaves alone everywhere else."""

from __future__ import annotations

import asyncio
import builtins
import copy
import importlib
import inspect
import io
import os
import pickle
import random
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from typing import cast

import pytest

from output.authoring.runtime.protocol import WorkflowRuntime, install_runtime
from output.errors import WorkflowCodeForbiddenError
from output.worker.determinism.guard import install, unguarded, uninstall
from tests.support.project_folder import ProjectFolder

ORIGINALS = {"time": time.time, "open": builtins.open, "stat": os.stat, "seed": random.Random.seed}


@pytest.fixture
def guarded(folder: ProjectFolder) -> Generator[ProjectFolder]:
    """A project whose workflow code is guarded."""
    install(folder.root)
    yield folder
    uninstall()


def run_as_workflow(folder: ProjectFolder, imports: str, code: str) -> object:
    """Run code of a project's file on an event loop that is a workflow's."""
    body = "\n".join(f"    {line}" for line in code.splitlines())
    folder.write("authored.py", f"{imports or '#'}\nasync def run():\n{body}\n")
    sys.path.insert(0, str(folder.root))
    importlib.invalidate_caches()
    run = cast("Callable[[], Awaitable[object]]", importlib.import_module("authored").run)

    async def main() -> object:
        # Whose loop it is decides; nothing is asked of the engine here.
        install_runtime(asyncio.get_running_loop(), cast("WorkflowRuntime", object()))
        return await run()

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("imports", "code", "call", "remedy"),
    [
        ("import time", "time.time()", "time.time()", "`now()`"),
        ("from time import monotonic", "monotonic()", "time.monotonic()", "`now()`"),
        ("import time", "time.strftime('%Y')", "time.strftime()", "`now()`"),
        ("import time", "time.sleep(0)", "time.sleep()", "`asyncio.sleep`"),
        ("import random", "random.random()", "random.random()", "`random()`"),
        ("from random import choice", "choice([1])", "random.choice()", "`random()`"),
        ("import random", "random.Random()", "random.Random()", "`random()`"),
        ("import random", "random.SystemRandom().random()", "random.SystemRandom()", "`random()`"),
        ("import secrets", "secrets.token_hex()", "random.SystemRandom(), called by secrets", "`random()`"),
        ("import os", "os.urandom(4)", "os.urandom()", "step"),
        ("from uuid import uuid4", "uuid4()", "uuid.uuid4()", "`uuid4()`"),
        ("", "open('x')", "open()", "step"),
        ("from pathlib import Path", "Path('x').read_text()", "open(), called by pathlib", "step"),
        ("from pathlib import Path", "Path('x').exists()", "os.stat(), called by pathlib", "step"),
        ("import os", "os.listdir('.')", "os.listdir()", "step"),
        ("import tempfile", "tempfile.NamedTemporaryFile()", ", called by tempfile", "step"),
        ("import socket", "socket.create_connection(('127.0.0.1', 1))", "socket.create_connection()", "step"),
        ("import httpx", "httpx.get('http://127.0.0.1:1/')", ", called by httpx", "step"),
        ("import urllib.request", "urllib.request.urlopen('http://127.0.0.1:1/')", ", called by urllib", "step"),
        ("import threading", "threading.Thread(target=print).start()", "threading.Thread.start()", "step"),
        (
            "from concurrent.futures import ThreadPoolExecutor",
            "ThreadPoolExecutor().submit(print)",
            "threading.Thread.start(), called by concurrent",
            "step",
        ),
        ("import subprocess", "subprocess.run(['true'])", "subprocess.Popen(), called by subprocess", "step"),
        ("", "input()", "input()", "signal"),
    ],
)
def test_what_cannot_be_replayed_raises_with_the_line_and_the_remedy(
    guarded: ProjectFolder, imports: str, code: str, call: str, remedy: str
) -> None:
    with pytest.raises(WorkflowCodeForbiddenError) as caught:
        run_as_workflow(guarded, imports, code)

    message = str(caught.value)
    assert message.startswith("authored.py:3: ")
    assert call in message
    assert remedy in message.partition("; ")[2]


@pytest.mark.parametrize(
    ("imports", "code"),
    [
        ("import logging", "logging.getLogger('authored').warning('hello %s', 1)"),
        ("from datetime import datetime, timedelta", "datetime(2026, 1, 1) + timedelta(days=1)"),
        ("from zoneinfo import ZoneInfo", "ZoneInfo.clear_cache(); ZoneInfo('Europe/Berlin')"),
        ("import asyncio", "await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))"),
        ("import random", "random.Random(7).random()"),
        ("import time", "time.strftime('%Y', time.gmtime(0))"),
        ("import traceback", "try:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.format_exc()"),
        (
            "import warnings",
            "with warnings.catch_warnings(record=True):\n    warnings.simplefilter('always')\n    warnings.warn('old')",
        ),
        ("", "import wave, colorsys, plistlib"),
        ("import json.tool as installed", "open(installed.__file__).close()"),
        ("import uuid", "uuid.uuid5(uuid.NAMESPACE_URL, 'x')"),
        ("import time", "time.time()  # output: allow"),
        ("import pydantic", "class M(pydantic.BaseModel):\n    x: int\nM.model_validate_json(b'{\"x\": 1}')"),
        ("import structlog", "structlog.get_logger().info('hello')"),
    ],
)
def test_what_replays_or_is_the_runtimes_own_passes(guarded: ProjectFolder, imports: str, code: str) -> None:
    run_as_workflow(guarded, imports, code)


def test_a_model_that_fills_a_field_from_chance_is_refused(guarded: ProjectFolder) -> None:
    imports = (
        "import uuid, pydantic\nclass M(pydantic.BaseModel):\n"
        "    id: uuid.UUID = pydantic.Field(default_factory=uuid.uuid4)"
    )

    with pytest.raises(WorkflowCodeForbiddenError, match=r"authored.py:5: uuid.uuid4\(\), called by pydantic"):
        run_as_workflow(guarded, imports, "M()")


def test_a_log_handler_of_the_authors_may_read_the_clock(guarded: ProjectFolder) -> None:
    imports = (
        "import logging, time\nclass Stamp(logging.Handler):\n"
        "    def emit(self, record):\n        SEEN.append(time.time())\n"
        "SEEN = []\nlog = logging.getLogger('authored.stamp')\nlog.addHandler(Stamp())"
    )

    assert run_as_workflow(guarded, imports, "log.warning('x')\nreturn len(SEEN)") == 1


def test_finalizers_may_clean_up_while_workflow_code_runs(guarded: ProjectFolder) -> None:
    file = guarded.write("left.txt", "")
    imports = (
        f"import os, weakref\nclass Held: pass\nclass Deleted:\n    def __del__(self): os.unlink('{file}.2')\n"
        f"held, deleted = Held(), Deleted()\nweakref.finalize(held, os.unlink, '{file}')"
    )
    other = guarded.write("left.txt.2", "")

    run_as_workflow(guarded, imports, "global held, deleted\nheld = deleted = None")

    assert (file.exists(), other.exists()) == (False, False)


def test_code_outside_a_workflow_is_untouched(guarded: ProjectFolder) -> None:
    async def step() -> float:
        return await asyncio.to_thread(time.time)

    file = guarded.write("data.txt", "text")
    assert file.read_text() == "text"
    assert time.time() > 0
    assert asyncio.run(step()) > 0


def test_a_guarded_function_still_behaves_like_the_built_in(guarded: ProjectFolder) -> None:
    class Watch:
        clock: Callable[[], float] = time.monotonic  # a Python function would bind here

    assert Watch().clock() > 0
    assert time.time.__name__ == "time"
    assert time.time == ORIGINALS["time"]
    assert os.stat in os.supports_follow_symlinks
    assert pickle.loads(pickle.dumps(time.time)) is time.time
    assert copy.deepcopy(time.time) is time.time
    assert io.open == builtins.open
    assert str(inspect.signature(os.stat)).startswith("(path")


def test_uninstall_puts_the_originals_back_and_lets_guarded_ones_pass(folder: ProjectFolder) -> None:
    install(folder.root)
    install(folder.root)
    kept = time.time
    uninstall()

    assert (time.time, builtins.open, os.stat, random.Random.seed) == tuple(ORIGINALS.values())
    assert type(time.time) is type(ORIGINALS["time"])
    folder.write("kept.py", "")
    assert run_as_workflow(folder, "import time", "return time.time()")
    assert kept() > 0


def test_unguarded_lifts_the_guard_for_the_code_within(guarded: ProjectFolder) -> None:
    imports = "import time\nfrom output.worker.determinism.guard import unguarded"

    assert run_as_workflow(guarded, imports, "with unguarded():\n    return time.time()")
    with pytest.raises(WorkflowCodeForbiddenError), unguarded():
        raise WorkflowCodeForbiddenError("x()", where="a.py:1", why="y", remedy="z")
