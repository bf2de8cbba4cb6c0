"""What the engine's sandbox will refuse when it imports a project's files, found before a worker runs into it."""

from __future__ import annotations

import asyncio
import logging
import traceback
from pathlib import Path

from temporalio import workflow
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from output.authoring.schema.source import SourceLine
from output.worker.determinism.sandbox import generate_sandboxed, sandbox_runner
from output.worker.execution.context import WorkerContext
from output.worker.project.diagnostics import Diagnostic
from output.worker.project.discovery import Found, FoundWorkflow
from output.worker.project.layout import Project


def check_sandbox(found: Found, project: Project) -> tuple[Diagnostic, ...]:
    """Import each workflow as the sandbox will; one fault for each that it refuses."""
    if not found.workflows:
        return ()
    logging.getLogger("temporalio").addHandler(logging.NullHandler())  # its word of each refusal is in the fault
    diagnostics = asyncio.run(_find_refusals(found, project))
    # Workflows of one file are refused for one reason.
    return tuple(dict.fromkeys(diagnostic for diagnostic in diagnostics if diagnostic is not None))


async def _find_refusals(found: Found, project: Project) -> list[Diagnostic | None]:
    # On an event loop, as in the SDK's worker: the sandbox asks for it.
    runner = sandbox_runner(project)
    return [_refusal(each, runner, project) for each in found.workflows]


def _refusal(found: FoundWorkflow, runner: SandboxedWorkflowRunner, project: Project) -> Diagnostic | None:
    worker_context = WorkerContext(frozenset({found.definition.name}))
    generated = generate_sandboxed(found.definition, worker_context)
    definition = workflow._Definition.must_from_class(generated)  # noqa: SLF001 — as the SDK's worker does
    try:
        runner.prepare_workflow(definition)
    except Exception as error:  # noqa: BLE001 — whatever an import raises in there is what will be refused
        return _diagnostic(error, found, project)
    return None


def _diagnostic(error: BaseException, found: FoundWorkflow, project: Project) -> Diagnostic:
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    place = found.definition.source
    for frame in traceback.extract_tb(cause.__traceback__):
        if project.owns(frame.filename):
            place = SourceLine(Path(frame.filename), frame.lineno or 1)
    reason = str(cause).partition(". ")[0].rstrip(".") or type(cause).__name__
    message = (
        f"The sandbox refuses to import this ({reason}); do it in a step, or set OUTPUT_WORKFLOW_PROTECTION=guard."
    )
    return Diagnostic(SourceLine(project.relative(place.file), place.line), message, "error")
