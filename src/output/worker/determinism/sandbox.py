"""Workflow classes for the engine's sandbox, which imports the author's files anew for every run."""

from __future__ import annotations

import dataclasses
import sys
from importlib.metadata import packages_distributions
from typing import cast

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from output.authoring.workflow import AnyWorkflow
from output.worker.execution.context import WorkerContext
from output.worker.execution.workflow_class import GeneratedWorkflow, SandboxName, generate
from output.worker.project.layout import Project

_RESOLVER = "output.worker.determinism.sandbox_imports"


@dataclasses.dataclass(frozen=True)
class Place:
    """The module and the attribute where an authored workflow is bound."""

    module: str
    attribute: str


# Filled before the worker starts; the sandbox passes this module through, so code inside finds the same.
PLACES: dict[str, Place] = {}
CONTEXTS: dict[str, WorkerContext] = {}


def generate_sandboxed(definition: AnyWorkflow, worker_context: WorkerContext) -> type[GeneratedWorkflow]:
    """The class of a workflow, under a name by which the sandbox finds it again."""
    PLACES[definition.name] = _place_of(definition)
    CONTEXTS[definition.name] = worker_context
    return generate(definition, worker_context, sandboxed_as=SandboxName(_RESOLVER, definition.name))


def resolve(name: str) -> type[GeneratedWorkflow]:
    """The class of a workflow as the importing code sees the author's files: inside the sandbox, a fresh import."""
    place = PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {_RESOLVER!r} has no attribute {name!r}")
    # The sandbox replaces `__import__`, and `import_module` would go past it.
    module = __import__(place.module, fromlist=[place.attribute])
    definition = cast("AnyWorkflow", getattr(module, place.attribute))
    return generate(definition, CONTEXTS[name], sandboxed_as=SandboxName(_RESOLVER, name))


def sandbox_runner(project: Project) -> SandboxedWorkflowRunner:
    """The stock sandbox that imports only the project's own files anew; installed packages pass through."""
    names = {name.partition(".")[0] for name in sys.modules} | set(packages_distributions())
    names -= set(sys.stdlib_module_names) | {"__main__", "__mp_main__"}
    names = {name for name in names if not _is_owned(project, name)}
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*sorted(names))
    return SandboxedWorkflowRunner(restrictions=restrictions)


def _is_owned(project: Project, name: str) -> bool:
    module = sys.modules.get(name)
    if module is None:
        return False
    spec = getattr(module, "__spec__", None)
    places = [getattr(module, "__file__", None), *(getattr(spec, "submodule_search_locations", None) or ())]
    return any(place is not None and project.owns(f"{place}/x") for place in places)


def _place_of(definition: AnyWorkflow) -> Place:
    module = sys.modules[definition.authored.__module__]
    for attribute, value in vars(module).items():
        if value is definition:
            return Place(module.__name__, attribute)
    return Place(module.__name__, definition.authored.__name__)
