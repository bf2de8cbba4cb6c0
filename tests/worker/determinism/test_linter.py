"""What is read from authored source: calls that cannot be replayed, calls that block, calls at import."""

from __future__ import annotations

import pytest

from output.worker.check import check_project
from tests.support.project_folder import ProjectFolder


def check(folder: ProjectFolder) -> list[str]:
    return [str(diagnostic) for diagnostic in check_project(folder.find()).diagnostics]


@pytest.mark.parametrize(
    ("imports", "code", "call"),
    [
        ("import datetime", "datetime.datetime.now()", "datetime.datetime.now()"),
        ("import datetime as dt", "dt.datetime.utcnow()", "datetime.datetime.utcnow()"),
        ("from datetime import datetime as D, UTC", "D.now(UTC)", "datetime.datetime.now()"),
        ("from datetime import date", "date.today()", "datetime.date.today()"),
        ("from datetime import datetime", "sorted([1], key=datetime.today)", "datetime.datetime.today"),
        ("from datetime import datetime\nnow = datetime.now", "now()", "datetime.datetime.now()"),
        ("", "__import__('json')\n    from datetime import datetime\n    datetime.now()", "datetime.datetime.now()"),
    ],
)
def test_a_clock_that_no_guard_reaches_is_an_error(folder: ProjectFolder, imports: str, code: str, call: str) -> None:
    folder.write("workflows/a.py", f"from output import workflow\n{imports}\n@workflow\nasync def a():\n    {code}\n")

    (diagnostic,) = check_project(folder.find()).diagnostics

    assert diagnostic.severity == "error"
    assert diagnostic.message.startswith(f"{call} is not allowed in workflow code")
    assert "`now()`" in diagnostic.message


@pytest.mark.parametrize(
    ("imports", "code", "call"),
    [
        ("import time", "time.time()", "time.time()"),
        ("from time import sleep", "sleep(1)", "time.sleep()"),
        ("import time", "time.localtime()", "time.localtime()"),
        ("import random", "random.choice([1])", "random.choice()"),
        ("from random import shuffle as mix", "mix([1])", "random.shuffle()"),
        ("import random", "random.Random()", "random.Random()"),
        ("import secrets", "secrets.token_hex()", "secrets.token_hex()"),
        ("from uuid import uuid4", "str(uuid4())", "uuid.uuid4()"),
        ("from uuid import uuid4", "list(map(uuid4, []))", "uuid.uuid4"),
        ("", "open('x')", "open()"),
        ("from pathlib import Path", "Path('x').read_text()", "pathlib.Path().read_text()"),
        ("import os", "os.path.exists('x')", "os.path.exists()"),
        ("import os", "os.environ['HOME']", "os.environ"),
        ("import os", "os.environ.get('HOME')", "os.environ.get()"),
        ("from os import getenv", "getenv('HOME')", "os.getenv()"),
        ("import httpx", "httpx.get('http://x')", "httpx.get()"),
        ("import httpx", "httpx.AsyncClient()", "httpx.AsyncClient()"),
        ("import urllib.request", "urllib.request.urlopen('http://x')", "urllib.request.urlopen()"),
        ("import asyncio", "await asyncio.to_thread(print)", "asyncio.to_thread()"),
        (
            "import asyncio",
            "asyncio.get_running_loop().run_in_executor(None, print)",
            "asyncio.get_running_loop().run_in_executor()",
        ),
        ("import threading", "threading.Thread(target=print)", "threading.Thread()"),
        ("import subprocess", "subprocess.run(['ls'])", "subprocess.run()"),
        ("", "import requests\n    requests.get('http://x')", "requests.get()"),
    ],
)
def test_what_the_guard_refuses_is_a_warning_before_it_runs(
    folder: ProjectFolder, imports: str, code: str, call: str
) -> None:
    folder.write("workflows/a.py", f"from output import workflow\n{imports}\n@workflow\nasync def a():\n    {code}\n")

    (diagnostic,) = check_project(folder.find()).diagnostics

    assert diagnostic.severity == "warning"
    assert diagnostic.message.startswith(f"{call} is not allowed in workflow code, because ")


@pytest.mark.parametrize(
    ("imports", "code"),
    [
        ("from datetime import datetime, timedelta", "datetime.fromisoformat('2026-01-01') + timedelta(days=1)"),
        ("import random", "random.Random(7).random()"),
        ("import time", "time.strftime('%Y', time.gmtime(0))"),
        ("import asyncio", "await asyncio.sleep(1)"),
        ("import uuid", "uuid.uuid5(uuid.NAMESPACE_URL, 'x')"),
        ("import httpx", "isinstance(1, httpx.Client), httpx.URL('http://x')"),
        ("from pathlib import Path", "Path('a') / 'b'"),
        ("import logging", "logging.getLogger('x').info('hello')"),
        ("import time", "time = lambda: 1\n    time()"),
        ("from datetime import datetime", "datetime.now()  # output: allow"),
        ("from datetime import datetime", "dict(\n        a=datetime.now(\n            None),  # output: allow\n    )"),
    ],
)
def test_what_replays_is_left_alone(folder: ProjectFolder, imports: str, code: str) -> None:
    folder.write("workflows/a.py", f"from output import workflow\n{imports}\n@workflow\nasync def a():\n    {code}\n")

    assert check(folder) == []


@pytest.mark.parametrize(
    ("default", "call", "severity"),
    [
        ("Field(default_factory=datetime.now)", "datetime.datetime.now", "error"),
        ("Field(default_factory=lambda: datetime.now(UTC))", "datetime.datetime.now()", "error"),
        ("Field(default_factory=stamp)", "datetime.datetime.now()", "error"),
        ("Field(default_factory=uuid4)", "uuid.uuid4", "warning"),
    ],
)
def test_a_default_that_an_input_is_filled_in_with_counts_as_workflow_code(
    folder: ProjectFolder, default: str, call: str, severity: str
) -> None:
    folder.write(
        "workflows/a.py",
        f"""
        from datetime import UTC, datetime
        from uuid import uuid4
        from pydantic import BaseModel, Field
        from output import workflow

        def stamp() -> datetime:
            return datetime.now()

        class Line(BaseModel):
            made: object = {default}

        class Order(BaseModel):
            lines: list[Line]
            other: list[int] = Field(default_factory=list)

        @workflow
        async def a(order: Order | None) -> None: ...
        """,
    )

    (diagnostic,) = check_project(folder.find()).diagnostics

    assert (diagnostic.source.line, diagnostic.severity) == (7 if "stamp" in default else 10, severity)
    assert diagnostic.message.startswith(f"{call} ")


def test_plain_functions_that_a_workflow_calls_and_handlers_count_and_steps_do_not(folder: ProjectFolder) -> None:
    folder.write(
        "workflows/a.py",
        """
        from datetime import datetime
        from output import query, step, workflow

        def stamp() -> str:
            return datetime.now().isoformat()

        def never_called() -> str:
            return datetime.now().isoformat()

        @step
        async def in_a_step() -> str:
            return datetime.now().isoformat()

        @workflow
        class A:
            async def run(self) -> str:
                return stamp() + await in_a_step()

            @query
            def ask(self) -> str:
                return datetime.now().isoformat()
        """,
    )

    assert [line.partition(": ")[0] for line in check(folder)] == ["workflows/a.py:5", "workflows/a.py:21"]


@pytest.mark.parametrize(
    ("imports", "code", "said"),
    [
        ("import time", "time.sleep(1)", "`await asyncio.sleep(...)`"),
        ("import httpx", "httpx.get('http://x')", "`httpx.AsyncClient`"),
        ("from urllib.request import urlopen", "urlopen('http://x')", "plain `def`"),
        ("import subprocess", "subprocess.run(['ls'])", "`asyncio.create_subprocess_exec`"),
    ],
)
def test_a_call_that_blocks_an_async_step_is_a_warning(
    folder: ProjectFolder, imports: str, code: str, said: str
) -> None:
    folder.write(
        "workflows/a.py",
        f"from output import step, workflow\n{imports}\n@step\nasync def s() -> None:\n    {code}\n"
        f"@step\ndef plain() -> None:\n    {code}\n"
        "@workflow\nasync def a() -> None:\n    await s()\n    await plain()\n",
    )

    (line,) = check(folder)

    assert line.startswith("workflows/a.py:5: warning: ")
    assert said in line


def test_a_blocking_call_on_a_thread_is_fine(folder: ProjectFolder) -> None:
    folder.write(
        "workflows/a.py",
        """
        import asyncio
        import time
        from output import step, workflow

        @step
        async def s() -> None:
            def wait() -> None:
                time.sleep(1)
            await asyncio.to_thread(wait)
            await asyncio.to_thread(time.sleep, 1)

        @workflow
        async def a() -> None:
            await s()
        """,
    )

    assert check(folder) == []


def test_a_step_called_at_import_is_a_fault_outside_main_blocks(folder: ProjectFolder) -> None:
    folder.write("workflows/flow/steps.py", "from output import step\n@step\nasync def one() -> int:\n    return 1\n")
    folder.write(
        "workflows/flow/workflow.py",
        """
        import asyncio
        from output import workflow
        from . import steps

        FIRST = asyncio.run(steps.one())

        @workflow
        async def flow() -> int:
            return await steps.one()

        if __name__ == "__main__":
            steps.one()
        """,
    )

    (line,) = check(folder)

    assert line.startswith("workflows/flow/workflow.py:5: a step is called while the file is imported: `steps.one()`")


HELPERS = """
from datetime import timedelta
import output
from output import execute_in_parallel, send_http_request, sleep, start_child, step, wait_for, workflow

@step
async def load(url: str) -> str:
    return url

@workflow
async def child(url: str) -> str:
    return url

async def twice(url: str) -> str:
    return await load(url) + await load(url)
"""


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("load('x')", "step 'load'"),
        ("load.with_options(timeout=timedelta(1))('x')", "step 'load'"),
        ("child('x')", "workflow 'child'"),
        ("child.with_options(workflow_id='c')('x')", "workflow 'child'"),
        ("sleep(1)", "`sleep(...)`"),
        ("output.sleep(1)", "`sleep(...)`"),
        ("wait_for(lambda: True)", "`wait_for(...)`"),
        ("start_child(child, 'x')", "`start_child(...)`"),
        ("send_http_request('http://x')", "`send_http_request(...)`"),
        ("execute_in_parallel([load('x')])", "`execute_in_parallel(...)`"),
        ("twice('x')", "`twice(...)`"),
    ],
)
def test_a_call_that_is_never_awaited_is_an_error(folder: ProjectFolder, statement: str, what: str) -> None:
    line = len(HELPERS.splitlines()) + 3
    folder.write(
        "workflows/a.py", f"{HELPERS}\n@workflow\nasync def a() -> None:\n    {statement}\n    await load('y')\n"
    )

    (text,) = check(folder)

    assert text.startswith(f"workflows/a.py:{line}: {what} is called and never awaited, so nothing comes of it; write ")
    assert statement[:20] in text


@pytest.mark.parametrize(
    "statement",
    [
        "x = load('x'); await x",
        "jobs = [load('x')]; await execute_in_parallel(jobs)",
        "await load('y'); child = print; child('x')",
        "load('x')  # output: allow",
        "jobs = []; jobs.append(load('x')); await jobs[0]",
    ],
)
def test_a_call_that_is_awaited_later_is_left_alone(folder: ProjectFolder, statement: str) -> None:
    folder.write("workflows/a.py", f"{HELPERS}\n@workflow\nasync def a() -> None:\n    {statement}\n")

    assert check(folder) == []
