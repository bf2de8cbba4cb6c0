"""What the quick commands do without; benchmarks/cli_startup.py has the times."""

from __future__ import annotations

import subprocess
import sys

import pydantic
import pytest

from tests.support.faulty import answer, serve
from tests.support.processes import clean_environment

STATUS = {"workflowId": "w", "runId": "r", "status": "running", "startedAt": 1, "completedAt": None}
HEAVY = {"httpx", "rich", "asyncio", "temporalio", "pydantic_settings", "output.models.runs", "output.authoring"}
if tuple(int(part) for part in pydantic.VERSION.split(".")[:2]) < (2, 14):
    HEAVY.discard("asyncio")  # pydantic's own imports took it along


@pytest.mark.parametrize("words", [["--help"], ["workflow", "status", "w"], ["workflow", "status", "w", "-f", "json"]])
async def test_quick_commands_import_nothing_heavy(words: list[str]) -> None:
    import asyncio

    code = (
        "import sys\n"
        "from output.cli.main import run\n"
        f"code = run({words!r})\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    async with serve(answer(200, STATUS)) as server:
        ended = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", code],
            env=clean_environment(OUTPUT_API_URL=server.url),
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert (ended.returncode, ended.stderr) == (0, "[]\n")
    assert ended.stdout
