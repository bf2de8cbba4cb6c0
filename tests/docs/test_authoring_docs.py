"""The examples of docs/authoring.md, docs/errors-in-workflows.md and docs/testing.md run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from output.testing import Environment, RunFailedError, start_environment

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = "authoring_examples"  # the name `workflows` belongs to another project in this process


def write_examples(page: str, root: Path) -> list[str]:
    """Write each block that names its file; the files' names."""
    text = (DOCS / page).read_text()
    names: list[str] = []
    for code in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        name = re.match(r"# (\S+\.py)\n", code)
        assert name is not None, f"a block of {page} does not name its file:\n{code}"
        names.append(name[1])
        file = root / name[1].replace("workflows/", f"{FOLDER}/", 1)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code)
    return names


@pytest.fixture(scope="session")
async def examples(tmp_path_factory: pytest.TempPathFactory, engine_address: str) -> AsyncGenerator[Environment]:
    """An environment that serves all workflows of the two pages."""
    root = tmp_path_factory.mktemp("examples")
    write_examples("authoring.md", root)
    write_examples("errors-in-workflows.md", root)
    (root / "pyproject.toml").write_text(f'[tool.output]\nworkflows = "{FOLDER}"\nhooks = ["hooks.py"]\n')
    async with start_environment(project=root, address=engine_address) as environment:
        yield environment


@pytest.fixture
def service() -> Generator[str]:
    """A service that gives quotes and takes questions."""

    class Service(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            reply = b'{"price":3}' if self.headers.get("authorization") == "Bearer q-1" else b"{}"
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = answer  # noqa: N815 — the standard library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the standard library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("greeting", [{"name": "Ann", "age": 40}], 7),
        ("trying", [3], 3),
        ("family", [[1, 2, 3]], 14),
        ("halves", [[2, 3, 4]], [1, 2, 1, None, 2]),
        ("polling", [], 3),
        ("review", ["too short"], "partial"),
        ("company", ["a.example"], "Company of a.example"),
        ("company", ["a.invalid"], "unknown: a.invalid"),
    ],
)
async def test_examples_give_what_they_say(
    examples: Environment, name: str, given: list[object], expected: object
) -> None:
    assert await examples.run(examples.registry.workflows[name], *given) == expected


async def test_the_class_that_talks(examples: Environment) -> None:
    run = await examples.start(examples.registry.workflows["Basket"])

    assert await run.update("add", "lamp") == 1
    assert await run.query("size") == 1
    await run.signal("check_out")
    assert await run.result() == ["lamp"]


async def test_the_diary_s_pages_differ(examples: Environment) -> None:
    pages = await examples.run(examples.registry.workflows["diary"], 2)

    assert isinstance(pages, list)
    assert len(set(map(str, pages))) == 2  # pyright: ignore[reportUnknownArgumentType] — of JSON


async def test_progress_reaches_the_run(examples: Environment) -> None:
    result = await examples.run(examples.registry.workflows["Importing"], 5)

    assert result in ([5, 5], [5, 0])  # the signal may be recorded after the step's end


async def test_an_uncaught_error_is_the_step_s_own(examples: Environment) -> None:
    with pytest.raises(RunFailedError, match=r"CompanyNotFound: No company at 'a\.invalid'"):
        await examples.run(examples.registry.workflows["strict_company"], "a.invalid")


async def test_the_quote_is_approved(examples: Environment, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTE_TOKEN", "q-1")
    run = await examples.start(examples.registry.workflows["approval"], service)
    await run.send_feedback({"approved": True})

    assert await run.result() == f"200: {{'approved': {True}}}"


def test_every_word_of_the_facade_is_in_the_docs() -> None:
    import output

    text = "".join(file.read_text() for file in DOCS.glob("*.md"))
    # What hooks are told and what other calls return is named by its decorator or its call.
    told = {"Emitted", "WorkerStarting", "ChildRun", "WorkflowRun", "StepRun", "RaisedError", "HttpReply", "Verdict"}
    missing = {name for name in output.__all__ if name not in told and not re.search(rf"\b{name}\b", text)}
    assert missing <= {"StepStarted", "StepEnded", "WorkflowStarted", "WorkflowFailed"}


def test_the_examples_of_tests_pass(tmp_path: Path) -> None:
    write_examples("testing.md", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\npythonpath = .\n")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "output.testing.plugin", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=110, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
