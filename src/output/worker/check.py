"""`python -m output.worker.check`: what a project defines, and everything that is wrong with it."""

from __future__ import annotations

import argparse
import contextlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from output.config.settings import ProtectionSettings, SettingsError, load
from output.models.wire_model import WireModel
from output.process.exit import leave
from output.worker.determinism.linter import check_sources
from output.worker.project.diagnostics import Severity, in_order
from output.worker.project.discovery import Found, discover
from output.worker.project.layout import Project, ProjectError, find_project


class CheckDiagnostic(WireModel):
    """One fault; `file` is shown from the project's folder."""

    file: str
    line: int
    severity: Severity
    message: str


class CheckReport(WireModel):
    """What `output check --format json` prints."""

    workflows: int
    steps: int
    faults: tuple[CheckDiagnostic, ...]  # the word that scripts read already


def check_project(project: Project, *, in_sandbox: bool = False) -> Found:
    """What a project defines, with the faults of its definitions, of its source, and of its imports in the sandbox."""
    found = discover(project)
    diagnostics = [*found.diagnostics, *check_sources(found, project)]
    if in_sandbox and not any(diagnostic.severity == "error" for diagnostic in diagnostics):
        from output.worker.determinism.sandbox_check import check_sandbox  # loads the engine's SDK

        diagnostics += check_sandbox(found, project)
    return replace(found, diagnostics=in_order(diagnostics))


def summarize(found: Found) -> str:
    """The closing line: what was found, and how many faults."""
    what = f"{_count(len(found.workflows), 'workflow')}, {_count(len(found.steps), 'step')}"
    if not found.diagnostics:
        return f"{what}: no faults."
    errors = sum(diagnostic.severity == "error" for diagnostic in found.diagnostics)
    warnings = len(found.diagnostics) - errors
    counts = [_count(errors, "error")] * (errors > 0) + [_count(warnings, "warning")] * (warnings > 0)
    return f"{what}: {', '.join(counts)}."


def main(arguments: list[str] | None = None) -> None:
    """Print a project's faults; exit code 0 for none, 1 for some, 2 for wrong usage."""
    options = _parse(arguments)
    try:
        in_sandbox = load(ProtectionSettings).protection == "sandbox"
        project = find_project(options.project)
    except (ProjectError, SettingsError) as error:
        print(error, file=sys.stderr)  # noqa: T201 — a command's answer
        leave(1)
    # What authored code prints while it is imported is no part of the answer.
    with contextlib.redirect_stdout(sys.stderr):
        found = check_project(project, in_sandbox=in_sandbox)
    lines = [_as_json(found)] if options.format == "json" else [*map(str, found.diagnostics), summarize(found)]
    print("\n".join(lines), flush=True)  # noqa: T201 — a command's answer
    leave(1 if found.diagnostics else 0)


@dataclass(frozen=True)
class _Options:
    project: Path
    format: Literal["text", "json"]


def _parse(arguments: list[str] | None) -> _Options:
    parser = argparse.ArgumentParser(prog="output check", description="Find what is wrong with a project's code.")
    parser.add_argument("project", nargs="?", type=Path, default=Path(), metavar="PROJECT", help="default: here")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as stop:
        leave(stop.code if isinstance(stop.code, int) else 0)
    return _Options(cast("Path", parsed.project), cast("Literal['text', 'json']", parsed.format))


def _as_json(found: Found) -> str:
    diagnostics = [
        CheckDiagnostic(
            file=diagnostic.source.file.as_posix(),
            line=diagnostic.source.line,
            severity=diagnostic.severity,
            message=diagnostic.message,
        )
        for diagnostic in found.diagnostics
    ]
    report = CheckReport(workflows=len(found.workflows), steps=len(found.steps), faults=tuple(diagnostics))
    return report.model_dump_json(by_alias=True, indent=2)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


if __name__ == "__main__":
    main()
