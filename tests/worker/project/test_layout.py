"""Where a project's workflows are found, and what is said when there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from output.worker.project.layout import ProjectError, find_project


def test_workflows_are_found_in_the_folder_workflows(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()

    project = find_project(tmp_path)

    assert (project.root, project.workflows, project.hooks) == (tmp_path, tmp_path / "workflows", ())
    assert project.import_root == tmp_path


def test_workflows_are_found_below_src(tmp_path: Path) -> None:
    (tmp_path / "src" / "workflows").mkdir(parents=True)

    project = find_project(tmp_path)

    assert (project.workflows, project.import_root) == (tmp_path / "src" / "workflows", tmp_path / "src")


def test_pyproject_says_where_workflows_and_hooks_are(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "app" / "flows").mkdir(parents=True)
    (tmp_path / "hooks.py").touch()
    (tmp_path / "pyproject.toml").write_text('[tool.output]\nworkflows = "app/flows"\nhooks = ["hooks.py"]\n')

    project = find_project(tmp_path)

    assert (project.workflows, project.hooks) == (tmp_path / "app" / "flows", (tmp_path / "hooks.py",))


def test_a_pyproject_without_our_table_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')

    assert find_project(tmp_path).workflows == tmp_path / "workflows"


def test_a_folder_without_workflows_says_what_was_looked_for_and_where(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        find_project(tmp_path)

    for part in (str(tmp_path), "workflows/", "src/workflows/", "[tool.output]", "output init"):
        assert part in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="nowhere"):
        find_project(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[tool.output]\nworkflow = "flows"\n', "did you mean `workflows`?"),
        ("[tool.output]\nzzz = 1\n", "it takes `workflows` and `hooks`"),
        ('[tool.output]\nworkflows = "nowhere"\n', "'nowhere'"),
        ('[tool.output]\nworkflows = "../"\n', "no folder in"),
        ('[tool.output]\nworkflows = "."\n', "a folder below it"),
        ("[tool.output]\nworkflows = 3\n", "takes one path"),
        ('[tool.output]\nhooks = "hooks.py"\n', "takes a list of paths"),
        ("[tool.output]\nhooks = [1]\n", "takes a list of paths"),
        ('[tool.output]\nhooks = ["gone.py"]\n', "'gone.py'"),
        ("[tool]\noutput = 1\n", "no table"),
        ("[tool.output\n", "cannot be read"),
        ('[tool.output]\nworkflows = "my-flows"\n', "no Python package name"),
    ],
)
def test_what_does_not_fit_in_pyproject_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "my-flows").mkdir()
    (tmp_path / "pyproject.toml").write_text(text)

    with pytest.raises(ProjectError) as caught:
        find_project(tmp_path)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_installed_and_hidden_files_are_not_the_authors(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    project = find_project(tmp_path)

    assert project.owns(tmp_path / "workflows" / "a.py")
    assert project.owns(tmp_path / "lib.py")
    assert not project.owns(tmp_path / ".venv" / "lib" / "a.py")
    assert not project.owns(tmp_path / "env" / "lib" / "site-packages" / "a.py")
    assert not project.owns(tmp_path.parent / "a.py")
    assert not project.owns("<string>")
