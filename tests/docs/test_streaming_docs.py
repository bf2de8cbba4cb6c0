"""The examples of docs/streaming.md run as they stand."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from temporalio.client import Client

from tests.api.sse.test_stream_browser import open_page, serve_page
from tests.support.histories import Handle, start_run

PAGE = Path(__file__).parents[2] / "docs" / "streaming.md"


def examples(language: str) -> list[str]:
    blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return ["\n".join(line.removeprefix(indent) for line in code.splitlines()) for indent, code in blocks]


async def run(words: list[str], url: str, handle: Handle) -> str:
    """What a command prints; it must succeed."""
    environment = {**os.environ, "OUTPUT_API_URL": url, "WORKFLOW_ID": handle.id, "OUTPUT_API_AUTH_TOKEN": "any"}
    process = await asyncio.create_subprocess_exec(
        *words, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return printed.decode()


@pytest.fixture
async def closed_run(engine_client: Client) -> Handle:
    handle = await start_run(engine_client, value={"n": 1})
    await handle.terminate()
    return handle


async def test_the_curl_examples_run(bare_api_url: str, closed_run: Handle) -> None:
    printed = [await run(["bash", "-c", code], bare_api_url, closed_run) for code in examples("bash")]

    assert "event: done" in printed[0]
    assert '"expiresAt"' in printed[1]
    assert '"input":[{"n":1}]' in printed[2]


async def test_the_python_example_follows_a_run_to_its_end(bare_api_url: str, closed_run: Handle) -> None:
    [code] = examples("python")

    printed = await run([sys.executable, "-c", code, closed_run.id], bare_api_url, closed_run)

    assert printed.splitlines() == [
        "1 WORKFLOW_EXECUTION_STARTED",
        "2 WORKFLOW_TASK_SCHEDULED",
        "3 WORKFLOW_EXECUTION_TERMINATED",
        "done: WORKFLOW_EXECUTION_TERMINATED",
    ]


async def test_the_browser_example_follows_a_run_to_its_end(
    bare_api_url: str, engine_client: Client, tmp_path: Path
) -> None:
    handle = await start_run(engine_client)
    [code] = examples("html")
    async with open_page() as page:
        with serve_page(tmp_path, code) as origin:
            await page.goto(f"{origin}/?{urlencode({'api': bare_api_url, 'workflow': handle.id})}")
            await page.wait_for_function("document.querySelectorAll('li').length === 2")
            await handle.terminate()
            await page.wait_for_function("document.title === 'WORKFLOW_EXECUTION_TERMINATED'")

            assert await page.locator("li").all_text_contents() == [
                "WORKFLOW_EXECUTION_STARTED",
                "WORKFLOW_TASK_SCHEDULED",
                "WORKFLOW_EXECUTION_TERMINATED",
            ]
