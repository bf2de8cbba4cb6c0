"""What a project has: its workflows, their steps, and everything that is wrong with them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeVar, cast

from output.authoring.handlers import Handler
from output.authoring.schema.source import SourceLine
from output.authoring.step import AnyStep, Step
from output.authoring.workflow import AnyWorkflow, Workflow
from output.worker.project.diagnostics import Diagnostic, in_order
from output.worker.project.importer import import_project
from output.worker.project.layout import Project
from output.worker.project.reachability import Reach, reach_of
from output.worker.project.schedules import check_schedules

Definition = AnyStep | AnyWorkflow | Handler[object, ..., object]
D = TypeVar("D", AnyStep, AnyWorkflow)


@dataclass(frozen=True)
class FoundWorkflow:
    """A workflow, its file from the project's root with `/`, and the steps that its code reaches, by name."""

    definition: AnyWorkflow
    path: str
    steps: tuple[AnyStep, ...]
    reach: Reach


@dataclass(frozen=True)
class Found:
    """All that a project defines, by name, its faults, and its modules by file."""

    workflows: tuple[FoundWorkflow, ...]
    steps: tuple[AnyStep, ...]
    diagnostics: tuple[Diagnostic, ...]
    modules: Mapping[Path, ModuleType]


def discover(project: Project) -> Found:
    """Import a project and collect what it defines; what is wrong becomes a fault, never an exception."""
    imported = import_project(project)
    definitions = _bound(imported.modules, Workflow)
    steps = _bound(imported.modules, Step)
    workflows = [
        _found(project, definition, file)
        for definition, file in sorted(definitions.items(), key=lambda entry: (entry[0].name, entry[0].source))
        if not definition.is_variant
    ]
    diagnostics = [
        *imported.diagnostics,
        *_duplicate_names(project, workflows),
        *_ambiguous_steps(project, workflows),
        *_methods(project, steps, workflows),
        *_unused_steps(project, steps, workflows),
        *_unpublishable(project, workflows, steps),
        *check_schedules(project, [found.definition for found in workflows]),
    ]
    in_name_order = sorted(steps, key=lambda step: (step.name, step.source))
    return Found(tuple(workflows), tuple(in_name_order), in_order(diagnostics), imported.modules)


def step_key(step: AnyStep) -> tuple[str, SourceLine]:
    """What makes two step objects the same step: `with_options` and a file imported twice make new objects."""
    return step.name, step.source


def _bound(modules: Mapping[Path, ModuleType], kind: type[D]) -> dict[D, Path]:
    """The objects of a kind that modules bind, each once, with a file that does."""
    bound: dict[D, Path] = {}
    for file, module in modules.items():
        for value in cast("dict[str, object]", vars(module)).values():
            # `type()` and not `isinstance`: a proxy may raise when asked for its class.
            if issubclass(type(value), kind):
                bound.setdefault(cast("D", value), file)
    return bound


def _found(project: Project, definition: AnyWorkflow, bound_in: Path) -> FoundWorkflow:
    reach = reach_of(project, definition.authored, *_parsed_types(definition))
    steps: dict[str, AnyStep] = {}
    for step in reach.steps:
        steps.setdefault(step.name, step)
    file = definition.source.file
    shown = project.relative(file if file.is_relative_to(project.root) else bound_in)
    return FoundWorkflow(definition, shown.as_posix(), tuple(steps[name] for name in sorted(steps)), reach)


def _parsed_types(definition: AnyWorkflow) -> list[object]:
    """The types of what a workflow and its handlers take and give: validators and defaults run in workflow code."""
    types: list[object] = []
    with contextlib.suppress(TypeError):  # told by `_unpublishable`
        for entry in (definition, *definition.handlers):
            types += entry.signature.hints.values()
    return types


def _shown(project: Project, source: SourceLine) -> SourceLine:
    return SourceLine(project.relative(source.file), source.line)


def _duplicate_names(project: Project, workflows: Iterable[FoundWorkflow]) -> list[Diagnostic]:
    diagnostics: list[Diagnostic] = []
    holders: dict[str, AnyWorkflow] = {}
    for definition in sorted((found.definition for found in workflows), key=lambda definition: definition.source):
        for name in (definition.name, *definition.aliases):
            holder = holders.setdefault(name, definition)
            what = "name" if name == definition.name else "alias"
            place = _shown(project, definition.source)
            if holder is not definition:
                other = _shown(project, holder.source)
                diagnostics.append(
                    Diagnostic(place, f"the {what} {name!r} is taken by the workflow at {other}; choose another.")
                )
        if len(set(definition.aliases) | {definition.name}) < len(definition.aliases) + 1:
            place = _shown(project, definition.source)
            diagnostics.append(
                Diagnostic(place, f"workflow {definition.name!r} has an alias twice, or its name as one.")
            )
    return diagnostics


def _methods(project: Project, steps: Iterable[AnyStep], workflows: Iterable[FoundWorkflow]) -> list[Diagnostic]:
    found = {step_key(step): step for step in (*steps, *(each for entry in workflows for each in entry.reach.steps))}
    return [
        Diagnostic(_shown(project, step.source), step.explain_owner())
        for step in found.values()
        if step.owner is not None
    ]


def _ambiguous_steps(project: Project, workflows: Iterable[FoundWorkflow]) -> list[Diagnostic]:
    diagnostics: list[Diagnostic] = []
    for found in workflows:
        first: dict[str, AnyStep] = {}
        for step in sorted(found.reach.steps, key=lambda step: step.source):
            other = first.setdefault(step.name, step)
            if step_key(other) != step_key(step):
                message = (
                    f"workflow {found.definition.name!r} calls two steps of the name {step.name!r}, the other at "
                    f"{_shown(project, other.source)}; give one another name: `@step(name=...)`."
                )
                diagnostics.append(Diagnostic(_shown(project, step.source), message))
    return diagnostics


def _unused_steps(project: Project, steps: Iterable[AnyStep], workflows: Iterable[FoundWorkflow]) -> list[Diagnostic]:
    called = {step_key(step) for found in workflows for step in found.reach.steps}
    # A step that another step calls runs as a part of it.
    called |= {step_key(inner) for step in steps for inner in reach_of(project, step.function).steps}
    return [
        Diagnostic(
            _shown(project, step.source),
            f"no workflow calls the {step.kind} {step.name!r}; call it, or remove it.",
            "warning",
        )
        for step in steps
        if project.owns(step.source.file) and step_key(step) not in called
    ]


def _unpublishable(project: Project, workflows: Iterable[FoundWorkflow], steps: Iterable[AnyStep]) -> list[Diagnostic]:
    """Faults of definitions whose annotations have no JSON form; schemas are built here, not at the first run."""
    diagnostics: list[Diagnostic] = []
    definitions: list[Definition] = [*steps]
    for found in workflows:
        definitions += [found.definition, *found.reach.steps]
        try:
            definitions += found.definition.handlers
        except TypeError as error:
            diagnostics.append(Diagnostic(_shown(project, found.definition.source), str(error)))
    for definition in {id(definition): definition for definition in definitions}.values():
        message = _schema_diagnostic(definition)
        if message is not None:
            diagnostics.append(Diagnostic(_shown(project, definition.source), message))
    return diagnostics


def _schema_diagnostic(definition: Definition) -> str | None:
    try:
        signature = definition.signature
        signature.input_schema()
        signature.output_schema()
    except TypeError as error:
        return " ".join(str(error).split())
    except Exception as error:  # noqa: BLE001 — authored models build their own schemas here
        return f"{definition.name!r} has no JSON Schema: {type(error).__name__}: {' '.join(str(error).split())}"
    return None
