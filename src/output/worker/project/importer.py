"""Imports every file of a project, and says of each that fails where and why."""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from output.authoring.schema.source import SourceLine
from output.worker.project.diagnostics import Diagnostic
from output.worker.project.layout import Project

_SKIPPED_FOLDERS = frozenset({"tests", "test", "scenarios", "__pycache__", "node_modules"})
_LONGEST_MESSAGE = 500


@dataclass
class Imported:
    """The modules of a project by file, and the faults of those that are none."""

    modules: dict[Path, ModuleType] = field(default_factory=dict[Path, ModuleType])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])


def import_project(project: Project) -> Imported:
    """Import all files below the workflows' folder, those of a `shared/` beside it, and the hooks."""
    imported = Imported()
    folders = [project.workflows]
    shared = project.import_root / "shared"
    if shared.is_dir():
        folders.append(shared)
    _put_on_path(project)
    for folder in folders:
        diagnostic = _claim_package(project, folder)
        if diagnostic is not None:
            imported.diagnostics.append(diagnostic)
            continue
        for file in _python_files(folder, set()):
            _import_file(project, file, imported)
    for file in project.hooks:
        if file not in imported.modules:
            _import_file(project, file, imported)
    return imported


def module_name(project: Project, file: Path) -> str:
    """The name that a file is imported by: `workflows.page_digest.steps`."""
    base = project.import_root if file.is_relative_to(project.import_root) else project.root
    parts = list(file.relative_to(base).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _put_on_path(project: Project) -> None:
    # The root itself comes second where workflows lie deeper, for modules beside `src/` and hooks.
    if str(project.root) not in sys.path:
        sys.path.insert(0, str(project.root))
    if sys.path[0] != str(project.import_root):
        sys.path.insert(0, str(project.import_root))
    importlib.invalidate_caches()


def _claim_package(project: Project, folder: Path) -> Diagnostic | None:
    """Make the folder the package of its name, which an installed one would win without an `__init__.py`."""
    present = sys.modules.get(folder.name)
    if present is not None:
        places = [Path(place).resolve() for place in getattr(present, "__path__", [])]
        if folder in places:
            return None
        origin = present.__file__ or ", ".join(map(str, places))
        return Diagnostic(
            SourceLine(project.relative(folder), 1),
            f"a module named {folder.name!r} is already imported from {origin}; "
            'rename the folder, and name it in pyproject.toml: `[tool.output] workflows = "..."`.',
        )
    if not (folder / "__init__.py").exists():
        spec = ModuleSpec(folder.name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[folder.name] = importlib.util.module_from_spec(spec)
    return None


def _python_files(folder: Path, seen: set[Path]) -> Iterator[Path]:
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    entries = sorted(folder.iterdir(), key=lambda entry: (entry.is_dir(), entry.name))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if entry.name not in _SKIPPED_FOLDERS:
                yield from _python_files(entry, seen)
        elif entry.suffix == ".py" and not _is_test(entry.name):
            yield entry


def _is_test(name: str) -> bool:
    return name.startswith("test_") or name.endswith("_test.py") or name in {"conftest.py", "__main__.py"}


def _import_file(project: Project, file: Path, imported: Imported) -> None:
    diagnostic = _check_name(project, file)
    if diagnostic is None:
        try:
            module = importlib.import_module(module_name(project, file))
            diagnostic = _check_origin(project, file, module)
            if diagnostic is None:
                imported.modules[file] = module
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 — authored code runs here and may raise anything, SystemExit too
            diagnostic = _read_failure(project, file, error)
    if diagnostic is not None and not any(_same_cause(diagnostic, other) for other in imported.diagnostics):
        imported.diagnostics.append(diagnostic)


def _check_origin(project: Project, file: Path, module: ModuleType) -> Diagnostic | None:
    """Another module of that name may have been imported before, from a package or another project."""
    origin = module.__file__
    if origin is None or Path(origin).resolve() == file.resolve():
        return None
    return Diagnostic(
        SourceLine(project.relative(file), 1),
        f"a module named {module.__name__!r} is already imported from {origin}; rename the file.",
    )


def _same_cause(diagnostic: Diagnostic, other: Diagnostic) -> bool:
    # One line that fails is met again by every file that imports it, sometimes with another address in its message.
    return diagnostic.source == other.source and diagnostic.message.partition(":")[0] == other.message.partition(":")[0]


def _check_name(project: Project, file: Path) -> Diagnostic | None:
    base = project.import_root if file.is_relative_to(project.import_root) else project.root
    path = base
    for part in file.relative_to(base).parts:
        path /= part
        name = path.stem if path == file else part
        if name.isidentifier() and not keyword.iskeyword(name):
            continue
        what = "file" if path == file else "folder"
        hint = "".join(character if character.isalnum() else "_" for character in name)
        hint = f"{hint}_" if keyword.iskeyword(hint) else hint
        better = f"rename it, for example to {hint!r}" if hint.isidentifier() else "rename it"
        return Diagnostic(
            SourceLine(project.relative(path), 1),
            f"the {what}'s name {name!r} is no Python identifier, so it cannot be imported; {better}.",
        )
    return None


def _read_failure(project: Project, file: Path, error: BaseException) -> Diagnostic:
    source = _failing_line(project, error) or SourceLine(file, 1)
    shown = SourceLine(project.relative(source.file), source.line)
    if isinstance(error, SystemExit):
        return Diagnostic(
            shown, f"SystemExit: the file ends the process while it is imported (exit code {error.code})."
        )
    try:
        text = " ".join((error.msg if isinstance(error, SyntaxError) else str(error)).split())
    except Exception:  # noqa: BLE001 — an authored `__str__`
        text = ""
    message = f"{type(error).__name__}: {text[:_LONGEST_MESSAGE]}" if text else type(error).__name__
    if isinstance(error, ModuleNotFoundError):
        message += "; install it, or correct the import"
    return Diagnostic(shown, message)


def _failing_line(project: Project, error: BaseException) -> SourceLine | None:
    if isinstance(error, SyntaxError) and error.filename is not None and project.owns(error.filename):
        return SourceLine(Path(error.filename), error.lineno or 1)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if project.owns(frame.filename)]
    return SourceLine(Path(frames[-1].filename), frames[-1].lineno or 1) if frames else None
