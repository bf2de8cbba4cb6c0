"""The distribution is called `output-workflows`: `output` is somebody else's package of 2015."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from output.version import VERSION
from tests.support.processes import clean_environment

ROOT = Path(__file__).parents[2]
PAGES = [
    file
    for folder in ("docs", "src", "examples", "tests", "benchmarks", ".ci", ".github")
    for file in (ROOT / folder).rglob("*")
    if file.suffix in {".md", ".py", ".toml", ".yml", ".yaml", ".html", ""}
    and file.is_file()
    and file != Path(__file__)
] + [file for name in ("*.md", "Makefile", "*.toml", "*.yaml") for file in ROOT.glob(name)]

# An extra of the old name, or an installer given the old name as a requirement.
OLD_NAME = re.compile(
    r"""(?<![\w.'"-])output\[(?:dev|s3|otel|testing)\b
    | \bname\ =\ "output"
    | \b(?:pip|uv|pipx|poetry|uvx)\b(?:\ pip)?\ (?:install|add|tool\ install)\ (?:-\S+\ )*['"]?output(?![\w-])
    | ['"]output(?:\[\w+\])?\s*(?:[<>=~!]=|[<>])
    """,
    re.VERBOSE,
)


@pytest.mark.parametrize(
    "text",
    ["pip install output", "pip install 'output[dev]'", "the extra `output[s3]`", 'name = "output"', '"output>=0.1"'],
)
def test_the_search_finds_the_old_name(text: str) -> None:
    assert OLD_NAME.search(text)


def test_no_page_template_or_message_says_the_old_name() -> None:
    told = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in PAGES
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1)
        if OLD_NAME.search(line)
    ]

    assert len(PAGES) > 200
    assert told == []


def test_the_project_file_says_the_new_name_and_takes_the_version_from_the_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert project["project"]["name"] == "output-workflows"
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/output/version.py"


def test_the_command_says_its_version() -> None:
    command = Path(sys.executable).with_name("output")
    ended = subprocess.run(
        [command, "--version"], env=clean_environment(), capture_output=True, text=True, timeout=60, check=False
    )

    assert (ended.returncode, ended.stdout) == (0, f"output {VERSION}\n")
