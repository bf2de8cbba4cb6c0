"""`python -m output.worker`: read settings, find the project's code, run one or several processes."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import structlog
import uvloop
from temporalio import activity, workflow

from output.config.settings import Protection, SettingsError, WorkerSettings, load
from output.engine.profile import resolve_target
from output.process.exit import leave
from output.process.logs import configure_logs
from output.telemetry.metrics_server import MetricsPortError
from output.worker.check import check_project
from output.worker.determinism.guard import install
from output.worker.execution.hooks import collect_hooks
from output.worker.pool import supervise
from output.worker.process import WorkerRun, run_worker
from output.worker.project.discovery import Found, discover
from output.worker.project.layout import Project, ProjectError, find_project

log = structlog.get_logger("output.worker")


def main(arguments: list[str] | None = None) -> None:
    """Run a worker; exit code 0 after a clean stop, 1 for faults of the project or the settings, 2 for wrong usage."""
    options = _parse(arguments)
    try:
        settings = load(WorkerSettings)
        resolve_target(settings)
        project = find_project(options.project)
    except SettingsError as error:
        _fail(error.errors)
    except ProjectError as error:
        _fail([str(error)])
    configure_logs(settings, service="output-worker")
    # Which step or run it is about is told in fields of its own.
    activity.logger.activity_info_on_message = False
    workflow.logger.workflow_info_on_message = False
    if options.processes > 1:
        command = [sys.executable, "-m", "output.worker", "--project", str(project.root)]
        leave(supervise(options.processes, command, metrics_port=settings.metrics_port))
    if settings.protection == "guard":
        install(project.root)  # before authored modules bind what it guards
    found = load_project(project, settings.protection)
    run = WorkerRun(settings, found, project, collect_hooks(project), ready_descriptor=settings.ready_descriptor)
    try:
        uvloop.run(run_worker(run))
    except MetricsPortError as error:
        _fail([str(error)])
    except Exception:
        log.exception("the worker met a fault of its own")
        leave(1)
    leave(0)


def load_project(project: Project, protection: Protection) -> Found:
    """What the project holds; prints its faults, and ends the process when one is an error."""
    found = discover(project) if protection == "off" else check_project(project, in_sandbox=protection == "sandbox")
    for diagnostic in found.diagnostics:
        print(diagnostic, file=sys.stderr, flush=True)  # noqa: T201 — for the person who started the worker
    if any(diagnostic.severity == "error" for diagnostic in found.diagnostics):
        leave(1)
    if not found.workflows:
        _fail([f"{project.workflows} holds no workflow; write one, or start with `output init`."])
    return found


@dataclass(frozen=True)
class _Options:
    project: Path
    processes: int


def _parse(arguments: list[str] | None) -> _Options:
    parser = argparse.ArgumentParser(prog="output worker", description="Run the workflows and steps of a project.")
    parser.add_argument("--project", type=Path, default=Path(), metavar="FOLDER", help="the project (default: here)")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="worker processes (default: 1)")
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as stop:
        leave(int(stop.code or 0))
    if parsed.processes < 1:
        print("--processes takes 1 or more.", file=sys.stderr)  # noqa: T201 — usage
        leave(2)
    return _Options(parsed.project, parsed.processes)


def _fail(lines: list[str]) -> NoReturn:
    for line in lines:
        print(line, file=sys.stderr, flush=True)  # noqa: T201 — the reason why there is no log yet
    leave(1)
