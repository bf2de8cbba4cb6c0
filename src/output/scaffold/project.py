"""A new project from a template of real files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Template = Literal["basic", "approval"]

_TEMPLATES = Path(__file__).with_name("templates")
_PLACEHOLDER = "my-project"
# Files whose names would mean something inside the package, too.
_DOT = "dot-"
_FIRST_RUNS: dict[Template, str] = {
    "basic": "output workflow run price_order breakfast",
    "approval": "output workflow start approve_expense train_ticket",
}


class ProjectFolderError(Exception):
    """The project cannot be made there; the sentence says why, and nothing was written."""


@dataclass(frozen=True, slots=True)
class NewProject:
    """What was made: files below the folder, and what to type next."""

    folder: Path
    files: tuple[Path, ...]
    next_steps: tuple[str, ...]


def make_project(folder: Path, *, template: Template) -> NewProject:
    """Write a project into a new or empty folder. Raises: ProjectFolderError."""
    name = _project_name(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectFolderError(f"{folder} is there already and not empty; take another name.")
    files = _read_template(template)
    for place, text in files.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace(_PLACEHOLDER, name), encoding="utf-8")
    first_run = f"{_FIRST_RUNS[template]}  # in a second terminal"
    return NewProject(folder, tuple(files), (f"cd {folder}", "output dev", first_run))


def _read_template(template: Template) -> dict[Path, str]:
    """The texts of a template by their places in the project; caches of tools that looked at it are left out."""
    root = _TEMPLATES / template
    texts: dict[Path, str] = {}
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        place = file.relative_to(root)
        if any(part.startswith((".", "__")) for part in place.parts):
            continue
        if place.name.startswith(_DOT):
            place = place.with_name("." + place.name.removeprefix(_DOT))
        texts[place] = file.read_text(encoding="utf-8")
    return texts


def _project_name(folder: Path) -> str:
    """The folder's name as a package may be called."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    if not name:
        raise ProjectFolderError(f"{folder.name!r} gives no name for a project; use letters and digits.")
    return name
