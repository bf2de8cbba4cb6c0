"""What `output init` makes runs, and its checks are clean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from output.scaffold.project import ProjectFolderError, Template, make_project
from tests.support.command import run_command
from tests.support.processes import clean_environment

TEMPLATES: tuple[Template, ...] = get_args(Template)


@pytest.fixture(params=TEMPLATES)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A new project of each kind."""
    folder = tmp_path / "Order desk 2"
    make_project(folder, template=request.param)
    return folder


def _run(folder: Path, *words: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_its_files_are_there_and_carry_its_name(project: Path) -> None:
    names = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    texts = [path.read_text() for path in project.rglob("*") if path.is_file()]

    assert {"README.md", "pyproject.toml", ".gitignore", ".env.example"} <= names
    assert 'name = "order-desk-2"' in (project / "pyproject.toml").read_text()
    assert "# order-desk-2" in (project / "README.md").read_text()
    assert not any("my-project" in text for text in texts)


def test_its_own_tests_pass(project: Path) -> None:
    assert "passed" in _run(project, "pytest", "-q", "-p", "no:cacheprovider")


def test_its_code_is_clean(project: Path) -> None:
    _run(project, "ruff", "check", "--no-cache", ".")
    _run(project, "ruff", "format", "--no-cache", "--check", ".")
    assert "0 errors" in _run(project, "pyright", "--pythonpath", sys.executable, ".")


def test_its_workflows_have_no_faults(project: Path) -> None:
    ended = run_command("check", folder=project)

    assert (ended.code, ended.out.strip()) == (0, "1 workflow, 2 steps: no faults.")


def test_init_says_what_to_type_next(tmp_path: Path) -> None:
    ended = run_command("init", "shop", "--template", "approval", folder=tmp_path)

    assert ended.code == 0
    assert "  cd shop\n  output dev\n  output workflow start approve_expense train_ticket" in ended.out
    assert (tmp_path / "shop" / "workflows" / "approve_expense" / "workflow.py").is_file()


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "mine.txt").touch()

    ended = run_command("init", "shop", folder=tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert "shop is there already and not empty" in ended.err
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["mine.txt"]


def test_an_empty_folder_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()

    assert make_project(tmp_path / "shop", template="basic").folder == tmp_path / "shop"
    with pytest.raises(ProjectFolderError, match="letters"):
        make_project(tmp_path / "---", template="basic")
