"""What one worker knows: its workflows, and the step behind each activity type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from output.authoring.approval import approval_step
from output.authoring.http_request import http_step
from output.authoring.step import AnyStep
from output.authoring.wait_token import wait_token_step
from output.authoring.webhook import webhook_step
from output.authoring.workflow import AnyWorkflow
from output.worker.project.discovery import FoundWorkflow

_OURS = (http_step, webhook_step, approval_step, wait_token_step)
BUILT_IN: Mapping[str, AnyStep] = {step.name: cast("AnyStep", cast("object", step)) for step in _OURS}


@dataclass(frozen=True)
class Registry:
    """Workflows by name, and steps by activity type (`<workflow>#<step>`) and by name."""

    workflows: Mapping[str, AnyWorkflow]
    steps_by_type: Mapping[str, AnyStep]
    steps_by_name: Mapping[str, Sequence[AnyStep]]

    def find_step(self, activity_type: str) -> AnyStep:
        """The step that an activity type means; raises LookupError with what there is.

        A step that a workflow reaches in a way that reading its code does not show is found by its name alone.
        """
        found = self.steps_by_type.get(activity_type)
        if found is not None:
            return found
        name = activity_type.rpartition("#")[2]
        built_in = BUILT_IN.get(name)
        if built_in is not None:
            return built_in
        namesakes = self.steps_by_name.get(name, ())
        if len(namesakes) == 1:
            return namesakes[0]
        if namesakes:
            places = ", ".join(str(step.source) for step in namesakes)
            raise LookupError(f"{activity_type!r} may mean several steps ({places}); give them different names.")
        raise LookupError(f"This worker has no step {name!r}; is its code older than the run's?")

    def is_traced(self, workflow: str) -> bool:
        """Whether the traces of a workflow's runs are wanted."""
        definition = self.workflows.get(workflow)
        return definition is not None and definition.trace

    def kind_of(self, activity_type: str) -> str:
        """What kind of step an activity type means."""
        try:
            return self.find_step(activity_type).kind
        except LookupError:
            return "step"


def build_registry(workflows: Sequence[FoundWorkflow], steps: Sequence[AnyStep]) -> Registry:
    """Index what discovery found."""
    by_type: dict[str, AnyStep] = {}
    for found in workflows:
        for step in found.steps:
            by_type[activity_type(found.definition.name, step.name)] = step
    by_name: dict[str, list[AnyStep]] = {}
    for step in steps:
        by_name.setdefault(step.name, []).append(step)
    return Registry({found.definition.name: found.definition for found in workflows}, by_type, by_name)


def activity_type(workflow: str, step: str) -> str:
    """The activity type of a step in a workflow."""
    return f"{workflow}#{step}"
