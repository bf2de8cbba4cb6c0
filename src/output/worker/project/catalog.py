"""A project's workflows as catalog entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from output.authoring.step import AnyStep
from output.authoring.workflow import AnyHandler
from output.models.catalog import ActivityEntry, HandlerEntry, PublishedCatalog, PublishedWorkflow
from output.worker.project.discovery import FoundWorkflow
from output.worker.project.scenarios import read_scenarios


def describe_project(workflows: Sequence[FoundWorkflow], *, scenarios_below: Path | None = None) -> PublishedCatalog:
    """The catalog of what discovery found, by name, so that equal projects give equal catalogs.

    With the project's folder in `scenarios_below`, each workflow's scenarios are its examples.
    """
    entries = [_describe_workflow(found, scenarios_below) for found in workflows]
    return PublishedCatalog(workflows=sorted(entries, key=lambda entry: entry.name))


def _describe_workflow(found: FoundWorkflow, project: Path | None) -> PublishedWorkflow:
    definition = found.definition
    return PublishedWorkflow(
        name=definition.name,
        description=definition.description,
        path=found.path,
        input_schema=definition.signature.input_schema(),
        output_schema=definition.signature.output_schema(),
        aliases=list(definition.aliases),
        activities=sorted((_describe_step(step) for step in found.steps), key=lambda entry: entry.name),
        handlers=[_describe_handler(handler) for handler in definition.handlers],
        examples=read_scenarios((project / found.path).parent) if project is not None else [],
        timeout=definition.timeout // timedelta(milliseconds=1) if definition.timeout is not None else None,
        trace=definition.trace,
        awaits_feedback=found.reach.awaits_feedback,
        schedules=[schedule.published(definition.name) for schedule in definition.schedules],
    )


def _describe_step(step: AnyStep) -> ActivityEntry:
    return ActivityEntry(
        name=step.name,
        description=step.description,
        input_schema=step.signature.input_schema(),
        output_schema=step.signature.output_schema(),
    )


def _describe_handler(handler: AnyHandler) -> HandlerEntry:
    return HandlerEntry(
        kind=handler.kind,
        name=handler.name,
        description=handler.description,
        input_schema=handler.signature.input_schema(),
        output_schema=handler.signature.output_schema(),
    )
