"""A trace: the tree of what a run did, and the answer that carries it."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, JsonValue

from output.models.wire_model import WireModel

CONTINUED_AS_NEW = "<<continued_as_new>>"


def _is_none(value: object) -> bool:
    return value is None


class TraceError(WireModel):
    """Why a node failed."""

    model_config = ConfigDict(extra="allow")

    name: str
    message: str
    stack: str | None = None
    cause: TraceError | None = None


class TraceNode(WireModel):
    """One thing that took time; `output` or `error` once it has ended, neither while it is open. Times are ms.

    Kinds are `workflow step evaluator llm http internal_step webhook attempt timer signal update`, and whatever
    an application adds. An outline has no values, but `input_bytes`, `output_bytes` (as JSON; 0 for none) and a
    `label`: the input's first short scalar.
    """

    id: str
    kind: str
    name: str
    started_at: int
    ended_at: int | None = None
    input: JsonValue = None
    output: JsonValue = None
    error: TraceError | None = None
    label: str | None = Field(None, exclude_if=_is_none)
    input_bytes: int | None = Field(None, exclude_if=_is_none)
    output_bytes: int | None = Field(None, exclude_if=_is_none)
    attributes: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    children: list[TraceNode] = Field(default_factory=list["TraceNode"])


class TraceLog(WireModel):
    """A run's trace: from S3, or from files of which `local_path` is the sealed one."""

    source: Literal["remote", "local"]
    run_id: str
    local_path: str | None = None
    data: TraceNode | None = None
