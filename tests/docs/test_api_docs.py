"""The pages about the API: complete, and their curl examples run."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from pydantic import JsonValue

from output.api.app import RESOURCES
from output.errors import wire_errors
from output.security.token_file import StoredToken, add_token
from output.security.token_hashes import hash_token
from tests.support.processes import clean_environment
from tests.support.servers import start_api, start_worker

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CONTRACT = ROOT / "tests" / "projects" / "contract"
TOKEN = "a-token-for-the-pages"
VIEW_TOKEN = "a-token-that-only-looks"
_BLOCK = re.compile(r"^```(bash|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def documented_url(stack_folder: Path, engine_address: str) -> Generator[str]:
    """A server in production, with a worker of the workflows that the pages talk about."""
    tokens = stack_folder / "documented-tokens.jsonl"
    add_token(tokens, StoredToken(name="viewer", hash=hash_token(VIEW_TOKEN), scopes=["view"]))
    worker = start_worker(stack_folder, engine_address, CONTRACT, OUTPUT_CATALOG_ID="documented")
    api, url = start_api(
        stack_folder,
        engine_address,
        OUTPUT_CATALOG_ID="documented",
        OUTPUT_ENV="production",
        OUTPUT_WEBHOOK_SECRET="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        OUTPUT_API_HOST="127.0.0.1",
        OUTPUT_API_AUTH_TOKEN=TOKEN,
        OUTPUT_API_TOKENS_FILE=str(tokens),
    )
    yield url
    api.stop()
    worker.stop()


def test_every_route_is_in_the_documentation() -> None:
    page = (DOCS / "api.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z]+ /\S*)`", page, re.MULTILINE))
    served: set[str] = set()
    for resource in RESOURCES:
        for route in resource.router.routes:
            path = (
                re.sub(r"\{(\w+)(:\w+)?\}", r":\1", route.path)
                .replace(":workflowId", ":id")
                .replace(":scheduleId", ":id")
            )
            served |= {f"{method} {path.replace('/runs/:runId', '')}" for method in route.methods}

    assert documented == served


def test_every_error_is_in_the_documentation_with_its_status() -> None:
    page = (DOCS / "errors.md").read_text()
    documented = {(name, int(status)) for status, name in re.findall(r"^\| (\d+) \| `(\w+)` \|", page, re.MULTILINE)}

    assert documented == {(error.__name__, error.status) for error in wire_errors().values()}


@pytest.mark.parametrize("page", ["api.md", "errors.md", "authentication.md", "schedules.md", "webhooks.md"])
async def test_the_examples_run_and_answer_what_the_page_shows(documented_url: str, tmp_path: Path, page: str) -> None:
    # The examples of two pages leave credentials out: curl takes them from its configuration.
    (tmp_path / ".curlrc").write_text(
        f'header = "Authorization: Bearer {TOKEN}"\n' if page != "authentication.md" else ""
    )
    environment = clean_environment(
        API=documented_url,
        OUTPUT_API_AUTH_TOKEN=TOKEN,
        VIEW_TOKEN=VIEW_TOKEN,
        HOME=str(tmp_path),
        PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    )
    blocks = _BLOCK.findall((DOCS / page).read_text())
    assert blocks
    example = said = ""
    for language, text in blocks:
        if language == "bash":
            example = text
            said = await _run(example, environment, tmp_path)
            continue
        # What has just happened is listed late: an example that only looks is run again.
        only_looks = not re.search(r" -(X|d) ", example)
        deadline = time.monotonic() + 20
        while only_looks and _shape(json.loads(said)) != _shape(json.loads(text)) and time.monotonic() < deadline:
            said = await _run(example, environment, tmp_path)
        assert _shape(json.loads(said)) == _shape(json.loads(text)), said


async def _run(example: str, environment: dict[str, str], folder: Path) -> str:
    shell = await asyncio.create_subprocess_exec(
        *("sh", "-eu", "-c", example),
        env=environment,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(shell.communicate(), 60)
    assert shell.returncode == 0, f"{example}\n{out.decode()}{err.decode()}"
    return out.decode()


def _shape(value: JsonValue) -> JsonValue:
    """What an example must share with an answer: names, and values but for IDs, times and cut texts."""
    if isinstance(value, dict):
        return {
            name: "…" if name in {"runId", "message", "startedAt", "completedAt", "historyLength"} else _shape(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_shape(item) for item in value]
    if isinstance(value, str) and re.search(r"-(…|[0-9a-f]{32})\Z", value):
        return "…"
    return value


def test_the_dashboard_is_what_its_program_makes() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "dashboard.py")], capture_output=True, text=True, check=True, timeout=60
    )
    assert (ROOT / "deploy" / "monitoring" / "dashboard.json").read_text() == made.stdout, "run `make docs`"
