"""The catalog: which workflows there are and what they take and give."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from output.models.schedules import PublishedSchedule
from output.models.wire_model import WireModel

JsonSchema = dict[str, JsonValue]
# In the schema of several values: what the first may be where it stands alone, as a schema of its own, or true for any.
FIRST_ALONE = "x-output-first-alone"
HandlerKind = Literal["signal", "query", "update"]


class ActivityEntry(WireModel):
    """A step or evaluator of a workflow."""

    name: str
    description: str | None = None
    input_schema: JsonSchema | None = None
    output_schema: JsonSchema | None = None


class HandlerEntry(ActivityEntry):
    """A signal, query or update that a workflow answers."""

    kind: HandlerKind


class WorkflowExample(WireModel):
    """An input to begin with, from a file in the workflow's `scenarios/`."""

    name: str
    input: JsonValue


class WorkflowEntry(WireModel):
    """A workflow as it is published; `path` is its file below the project. Examples are told in development alone."""

    name: str
    description: str | None = None
    path: str
    input_schema: JsonSchema | None = None
    output_schema: JsonSchema | None = None
    aliases: list[str] = Field(default_factory=list[str])
    activities: list[ActivityEntry] = Field(default_factory=list[ActivityEntry])
    handlers: list[HandlerEntry] = Field(default_factory=list[HandlerEntry])
    examples: list[WorkflowExample] = Field(default_factory=list[WorkflowExample])


class Catalog(WireModel):
    """All that one catalog offers."""

    workflows: list[WorkflowEntry]


class PublishedWorkflow(WorkflowEntry):
    """A workflow with what the API must know to start it; `timeout` in ms, None for the server's default.

    One that cannot come to wait for feedback does not `awaits_feedback`.
    """

    timeout: int | None = None
    trace: bool = True
    awaits_feedback: bool = True
    schedules: list[PublishedSchedule] = Field(default_factory=list[PublishedSchedule])


class PublishedCatalog(WireModel):
    """A catalog as workers publish it."""

    workflows: list[PublishedWorkflow]
