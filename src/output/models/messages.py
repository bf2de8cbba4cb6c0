"""Messages to a running workflow and what comes back from controlling it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from output.models.runs import RunIds
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


class ResetRequest(WireModel):
    """Redo a run from the completion of a step's last occurrence."""

    step_name: Annotated[str, Field(min_length=1)]
    reason: str | None = None


class StreamToken(WireModel):
    """A short-lived token that a browser's EventSource passes as `?token=`."""

    token: str
    expires_at: Instant
