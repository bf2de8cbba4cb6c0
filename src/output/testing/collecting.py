"""The workflows and steps that an environment serves: those given, and those found in their modules."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import cast

from output.authoring.step import AnyStep, Step
from output.authoring.workflow import AnyWorkflow, Workflow
from output.worker.execution.registry import Registry, build_registry
from output.worker.project.discovery import discover
from output.worker.project.layout import find_project

_FOREIGN = ("site-packages", "dist-packages")


def collect(workflows: Iterable[AnyWorkflow], steps: Iterable[AnyStep]) -> Registry:
    """Index workflows with the steps and workflows in their modules and in the author's modules imported there."""
    search = _Search()
    for workflow in workflows:
        search.add(workflow)
    for step in steps:
        search.add(step)
    by_name: dict[str, list[AnyStep]] = {}
    for step in search.steps.values():
        by_name.setdefault(step.name, []).append(step)
    return Registry({workflow.name: workflow for workflow in search.workflows.values()}, {}, by_name)


def collect_project(folder: Path) -> Registry:
    """Index what a project defines; raises ValueError with every fault that would keep its worker from starting."""
    found = discover(find_project(folder))
    errors = [str(diagnostic) for diagnostic in found.diagnostics if diagnostic.severity == "error"]
    if errors:
        raise ValueError("\n".join(errors))
    return build_registry(found.workflows, found.steps)


class _Search:
    def __init__(self) -> None:
        self.workflows: dict[int, AnyWorkflow] = {}
        self.steps: dict[tuple[str, str], AnyStep] = {}
        self._seen: set[str] = set()

    def add(self, value: object) -> None:
        if isinstance(value, Workflow):
            workflow = cast("AnyWorkflow", value)
            if any(id(known) == id(workflow) or known.name == workflow.name for known in self.workflows.values()):
                return
            self.workflows[id(workflow)] = workflow
            self._visit(workflow.authored.__module__)
            self._visit_closure(workflow.run_function)
        elif isinstance(value, Step):
            step = cast("AnyStep", value)
            if self.steps.setdefault((step.name, str(step.source)), step) is step:
                self._visit(step.function.__module__)

    def _visit(self, name: str) -> None:
        module = sys.modules.get(name)
        if module is None or name in self._seen or not _is_authored(module):
            return
        self._seen.add(name)
        for value in list(vars(module).values()):
            if isinstance(value, Workflow | Step):
                self.add(cast("object", value))
            elif isinstance(value, ModuleType):
                self._visit(value.__name__)
            elif isinstance(value, FunctionType | type):
                self._visit(value.__module__)

    def _visit_closure(self, function: object) -> None:
        # Workflows and steps written inside a test.
        for cell in getattr(function, "__closure__", None) or ():
            try:
                self.add(cell.cell_contents)
            except ValueError:
                continue  # not bound yet


def _is_authored(module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    if file is None or module.__name__.partition(".")[0] in {"output", *sys.stdlib_module_names}:
        return False
    return not any(part in _FOREIGN for part in Path(file).parts)
