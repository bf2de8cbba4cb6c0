"""Runs: how they are started, where they stand, and what came of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    field_validator,
    model_serializer,
)

from output.models.errors import IssueModel
from output.models.problems import Problem
from output.models.references import CATALOG_ID_PATTERN, RunState
from output.models.webhooks import WebhookSpec
from output.models.wire_model import Instant, WireModel


def _only_numbers(value: object) -> object:
    if isinstance(value, str | bool):
        raise ValueError("give a whole number")  # noqa: TRY004 — pydantic collects ValueErrors
    return value


ConflictPolicy = Literal["fail", "use_existing", "terminate_existing"]
ReusePolicy = Literal["allow", "failed_only", "reject"]
MAX_TAGS, MAX_TAG_LENGTH = 20, 64
_YEAR = 31_536_000_000  # in ms
_TEN_YEARS = 10 * _YEAR  # far beyond any wait, and safe for every clock and float on the way
Tag = Annotated[str, Field(min_length=1, max_length=MAX_TAG_LENGTH, pattern=r"^[^\u0000]+$")]
# A NUL could not be stored by every database that engines use.
WorkflowId = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\u0000]+$")]
CatalogId = Annotated[str, Field(pattern=CATALOG_ID_PATTERN)]


class RunIds(WireModel):
    """A workflow and one run of it."""

    workflow_id: str
    run_id: str


class RunStatus(RunIds):
    """Where a run stands; times in ms since the epoch."""

    status: RunState
    started_at: int
    completed_at: int | None
    problem: Problem | None = None


class RunSummary(RunIds):
    """A run as listings show it; times in ISO 8601, as everywhere that does not say ms.

    A child has the run that called it as its parent; the root is the run at the top, itself where there is none.
    """

    workflow_type: str
    status: RunState
    started_at: Instant
    completed_at: Instant | None
    problem: Problem | None = None
    parent_workflow_id: str | None = None
    parent_run_id: str | None = None
    root_workflow_id: str | None = None
    tags: list[str] = Field(default_factory=list[str])
    history_length: int | None = None


class StatusCount(WireModel):
    """How many runs stand there."""

    value: RunState
    count: int


class RunCount(WireModel):
    """How many runs fit a filter, and of them how many in each state, where that was asked for."""

    groups: list[StatusCount]
    count: int


class RunPage(WireModel):
    """One page of a listing."""

    runs: list[RunSummary]
    count: int
    next_page_token: str | None


class RunInput(RunIds):
    """What a run was started with."""

    input: JsonValue


class TraceLocations(WireModel):
    """Where a run's trace lies; None where that store is off."""

    local: str | None = None
    remote: str | None = None


class ErrorInfo(WireModel):
    """Why a run ended without a result: the original exception, not the engine's wrappers of it."""

    model_config = ConfigDict(extra="allow")

    name: str
    message: str
    activity_type: str | None = None
    cause: ErrorInfo | None = None

    @model_serializer(mode="wrap")
    def _leave_out_what_there_is_not(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        written: dict[str, object] = write(self)
        return {name: value for name, value in written.items() if value is not None or name in {"name", "message"}}


class RunResult(RunIds):
    """The result payload: how a run ended, with its input, and its output or its error."""

    v: Literal["2"] = "2"
    status: RunState
    input: JsonValue = None
    output: JsonValue = None
    trace: TraceLocations | None = None
    error: ErrorInfo | None = None


class StartRequest(WireModel):
    """How a workflow is started.

    `conflict_policy` says what an open run of that `workflow_id` means, `reuse_policy` what a closed one. In ms:
    `start_delay` until the first task, `execution_timeout` for the longest life. `priority` is 1 (first) to 5.
    """

    workflow_name: Annotated[str, Field(min_length=1)]
    input: JsonValue = None
    workflow_id: WorkflowId | None = None
    catalog: CatalogId | None = None
    # Deprecated in the description alone: pydantic's own mark warns whoever reads the field.
    task_queue: Annotated[CatalogId | None, Field(json_schema_extra={"deprecated": True})] = None
    conflict_policy: ConflictPolicy = "fail"
    reuse_policy: ReusePolicy = "allow"
    start_delay: Annotated[Annotated[int, Field(ge=0, le=_YEAR)] | None, BeforeValidator(_only_numbers)] = None
    execution_timeout: Annotated[Annotated[int, Field(ge=1, le=_TEN_YEARS)] | None, BeforeValidator(_only_numbers)] = (
        None
    )
    tags: Annotated[list[Tag], Field(max_length=MAX_TAGS)] = Field(default_factory=list[Tag])
    priority: Annotated[Annotated[int, Field(ge=1, le=5)] | None, BeforeValidator(_only_numbers)] = None
    webhook: WebhookSpec | None = None

    @field_validator("reuse_policy")
    @classmethod
    def _fits_the_conflict_policy(cls, value: ReusePolicy, info: ValidationInfo) -> ReusePolicy:
        if value == "reject" and info.data.get("conflict_policy") == "terminate_existing":
            raise ValueError("`reject` contradicts a conflictPolicy of `terminate_existing`, which leaves a closed run")
        return value


class RunRequest(StartRequest):
    """How a workflow is started and waited for; `timeout` in ms."""

    timeout: Annotated[Annotated[int, Field(ge=250, le=_TEN_YEARS)] | None, BeforeValidator(_only_numbers)] = None


class ValidateRequest(WireModel):
    """An input to look at, as `start` would; nothing is started."""

    workflow_name: Annotated[str, Field(min_length=1)]
    input: JsonValue = None
    catalog: CatalogId | None = None


class Validity(WireModel):
    """Whether a workflow would take an input, and all that does not fit."""

    valid: bool
    issues: list[IssueModel]
