"""A project: a folder, and where in it workflows and hooks are."""

from __future__ import annotations

import difflib
import keyword
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

DEFAULT_FOLDERS = ("workflows", "src/workflows")
_KEYS = ("workflows", "hooks")
_FOREIGN = frozenset({"site-packages", "dist-packages", "node_modules", "__pycache__"})


class ProjectError(Exception):
    """The folder is no project, or its `[tool.output]` does not fit; one sentence says what was looked for."""


@dataclass(frozen=True)
class Project:
    """A project's folder, the folder of its workflows and its hook files, all absolute."""

    root: Path
    workflows: Path
    hooks: tuple[Path, ...] = ()

    @property
    def import_root(self) -> Path:
        """The folder that module names start from; `workflows/` and a sibling `shared/` lie in it."""
        return self.workflows.parent

    def owns(self, file: str | Path) -> bool:
        """Whether a file is the author's: below the root, and not installed there."""
        return is_authored(self.root, str(file))

    def relative(self, file: Path) -> Path:
        """The path as it is shown: from the root where it lies below it."""
        return file.relative_to(self.root) if file.is_relative_to(self.root) else file


@lru_cache(maxsize=4096)
def is_authored(root: Path, file: str) -> bool:
    """Whether a file is a project's own: below its root, and not installed there."""
    try:
        parts = Path(file).relative_to(root).parts
    except ValueError:
        return False
    return not any(part in _FOREIGN or part.startswith(".") for part in parts[:-1])


def find_project(folder: Path) -> Project:
    """The project in a folder; raises ProjectError when there is none or its `[tool.output]` does not fit."""
    if not folder.is_dir():
        raise ProjectError(f"There is no folder {folder}; give a project's folder.")
    root = folder.resolve()
    table = _read_table(root / "pyproject.toml")
    hooks = tuple(_hook_file(root, name) for name in _names(table, "hooks"))
    if "workflows" in table:
        return Project(root, _configured_folder(root, table["workflows"]), hooks)
    for name in DEFAULT_FOLDERS:
        if (root / name).is_dir():
            return Project(root, root / name, hooks)
    raise ProjectError(
        f"{root} is no project: neither {' nor '.join(f'{name}/' for name in DEFAULT_FOLDERS)} is in it, and "
        'no pyproject.toml says `[tool.output] workflows = "path"`. Create workflows/, or run `output init`.'
    )


def _read_table(file: Path) -> dict[str, object]:
    if not file.is_file():
        return {}
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ProjectError(f"{file} cannot be read: {error}") from error
    tools = cast("dict[str, object]", document.get("tool", {}))
    table = tools.get("output", {})
    if not isinstance(table, dict):
        raise ProjectError(f"{file}: `tool.output` is no table; write `[tool.output]`.")
    keys = cast("dict[str, object]", table)
    for key in keys:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"it takes {' and '.join(f'`{k}`' for k in _KEYS)}."
            raise ProjectError(f"{file}: `[tool.output]` has no key `{key}`; {hint}")
    return keys


def _names(table: dict[str, object], key: str) -> list[str]:
    value = table.get(key, [])
    entries = cast("list[object]", value) if isinstance(value, list) else [None]
    names = [entry for entry in entries if isinstance(entry, str)]
    if len(names) != len(entries):
        raise ProjectError(f'`[tool.output] {key}` takes a list of paths, as `{key} = ["hooks.py"]`.')
    return names


def _hook_file(root: Path, name: str) -> Path:
    file = (root / name).resolve()
    if not file.is_file() or file.suffix != ".py" or not file.is_relative_to(root):
        raise ProjectError(f"`[tool.output] hooks` names {name!r}, which is no Python file in {root}.")
    return file


def _configured_folder(root: Path, value: object) -> Path:
    if not isinstance(value, str):
        raise ProjectError('`[tool.output] workflows` takes one path, as `workflows = "app/workflows"`.')
    folder = (root / value).resolve()
    if not folder.is_dir() or not folder.is_relative_to(root):
        raise ProjectError(f"`[tool.output] workflows` names {value!r}, which is no folder in {root}.")
    if folder == root:
        raise ProjectError("`[tool.output] workflows` names the project itself; give a folder below it.")
    if not folder.name.isidentifier() or keyword.iskeyword(folder.name):
        raise ProjectError(f"The folder {value!r} is no Python package name; rename it.")
    return folder
