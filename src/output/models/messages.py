"""Messages to a running workflow and what comes back from controlling it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from output.models.runs import RunIds, WorkflowId
from output.models.wire_model import Instant, WireModel


class MessageRequest(WireModel):
    """The body of signal, query, update and feedback; no payload means no argument."""

    payload: JsonValue = None


FEEDBACK_SIGNAL = "$feedback"  # carries a FeedbackRequest to the workflow


class FeedbackRequest(MessageRequest):
    """Resumes a workflow that awaits a webhook: the wait of that token, else the oldest."""

    token: str | None = None


class TerminateRequest(WireModel):
    """Ends a run at once."""

    reason: str | None = None


class Terminated(RunIds):
    """The run was ended at once."""

    terminated: Literal[True] = True


ResetTarget = Literal["start", "firstFailure"]


class ResetRequest(WireModel):
    """Redo a run: from the completion of a step's last occurrence, from its start, or from what made it fail.

    Exactly one of `step_name` and `to` says from where; with `preview` nothing is changed.
    """

    step_name: Annotated[str | None, Field(min_length=1)] = None
    to: ResetTarget | None = None
    preview: bool = False
    reason: str | None = None

    @model_validator(mode="after")
    def _says_where_once(self) -> Self:
        if (self.step_name is None) == (self.to is None):
            raise ValueError("give one of stepName and to, which say from where the run is redone")
        return self


class ResetPreview(WireModel):
    """What a reset would mean, by the names of steps, children and messages, in their order.

    The new run `keeps` the results of steps before the point and all signals and updates, it `redoes` the steps and
    children that come after it, and `drops` the children that the old run has started by then.
    """

    keeps: list[str]
    redoes: list[str]
    drops: list[str]


class RerunRequest(WireModel):
    """Start a run's workflow again: with the same input, or with the one that is given."""

    input: JsonValue = None
    workflow_id: WorkflowId | None = None

    @property
    def has_input(self) -> bool:
        return "input" in self.model_fields_set


class StreamToken(WireModel):
    """A short-lived token that a browser's EventSource passes as `?token=`."""

    token: str
    expires_at: Instant
