"""What docs/projects.md and docs/determinism.md show is so."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from output.worker.check import check_project, summarize
from tests.support.project_folder import ProjectFolder
from tests.support.servers import start_api, start_worker

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = re.compile(r"^```python\n# (?P<path>\S+\.py)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)


def write_examples(folder: ProjectFolder, page: str) -> None:
    for example in EXAMPLE.finditer((DOCS / page).read_text()):
        folder.write(example["path"], example["code"])


@pytest.mark.parametrize(
    ("page", "workflows"), [("projects.md", 1), ("determinism.md", 2), ("schedules.md", 1), ("approvals.md", 1)]
)
def test_the_examples_of_a_page_are_a_project_without_faults(folder: ProjectFolder, page: str, workflows: int) -> None:
    write_examples(folder, page)

    found = check_project(folder.find())

    assert (found.diagnostics, len(found.workflows)) == ((), workflows)


def test_the_faults_that_the_page_shows_are_what_check_prints(folder: ProjectFolder) -> None:
    write_examples(folder, "projects.md")
    folder.write("workflows/broken/steps.py", "import json\nimport reqests\n")
    folder.write(
        "workflows/billing/steps.py",
        """
        from output import step

        CENTS = 100


        @step
        async def charge(cents: int) -> int:
            return cents
        """,
    )
    folder.write(
        "workflows/billing/workflow.py",
        """
        from datetime import datetime

        from output import workflow


        @workflow
        async def bill() -> int:
            return datetime.now().year


        @workflow
        async def page_digest() -> None:
            await bill()
        """,
    )
    shown = (DOCS / "projects.md").read_text().partition("<!-- output check -->\n```text\n")[2].partition("```")[0]

    found = check_project(folder.find())

    assert [*map(str, found.diagnostics), summarize(found)] == shown.splitlines()


async def test_the_reminder_and_the_stamp_run(folder: ProjectFolder, engine_address: str, stack_folder: Path) -> None:
    write_examples(folder, "determinism.md")
    worker = start_worker(stack_folder, engine_address, folder.root, OUTPUT_CATALOG_ID="determinism")
    try:
        api, url = start_api(stack_folder, engine_address, OUTPUT_CATALOG_ID="determinism")
        try:
            async with httpx.AsyncClient(base_url=url, timeout=60) as client:
                reminded = await client.post("/workflow/run", json={"workflowName": "remind", "input": "Ada"})
                stamped = await client.post("/workflow/run", json={"workflowName": "stamped"})
        finally:
            api.stop()
    finally:
        worker.stop()

    assert re.fullmatch(r"Ada [0-9a-f-]{36} True", reminded.json()["output"]), reminded.text
    assert stamped.json()["output"] == "done"
