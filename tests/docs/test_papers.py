"""The project's papers hold what is promised of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"


def test_decisions_are_numbered_once_and_the_index_lists_each() -> None:
    numbers = Counter(file.name[:4] for file in DECISIONS.glob("[0-9]*.md"))
    made = subprocess.run([sys.executable, ROOT / ".ci" / "decisions.py"], capture_output=True, text=True, check=True)

    assert {number for number, count in numbers.items() if count > 1} == set()
    assert made.stdout == (DECISIONS / "README.md").read_text(), "run `make docs`"


@pytest.mark.parametrize(
    "page", [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_what_the_workflow_file_and_the_papers_call_are_words_of_the_makefile() -> None:
    words = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text())
    steps = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    called = {word for line in steps if line.startswith("make ") for word in re.findall(r"(?<= )[a-z]+(?= |$)", line)}
    papers = " ".join((ROOT / name).read_text() for name in ("CONTRIBUTING.md", "docs/development.md"))

    assert called >= {"types", "arch", "test", "lowest", "build", "coverage"}
    assert called <= words
    assert set(re.findall(r"`make ([a-z]+)", papers)) <= words


def test_the_workflow_file_runs_each_python_that_the_project_names() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text())
    named = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text())

    assert workflow["jobs"]["check"]["strategy"]["matrix"]["python"] == named
