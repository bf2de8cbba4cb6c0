"""What an open run waits for: steps that are being tried, or will be tried again."""

from __future__ import annotations

from typing import Literal

from output.models.problems import Problem
from output.models.runs import ErrorInfo, RunIds
from output.models.wire_model import WireModel


class PendingStep(WireModel):
    """A step that has begun and not ended; `attempt` counts from 1, times are ms since the epoch.

    `id` is the `activityId` of its events. `waiting` means that the last attempt failed with `error`
    and the next one starts at `next_attempt_at`.
    """

    id: str
    name: str
    state: Literal["queued", "running", "waiting"]
    attempt: int
    max_attempts: int | None
    next_attempt_at: int | None = None
    error: ErrorInfo | None = None


class PendingSteps(RunIds):
    """The open steps of a run, none when it has ended."""

    steps: list[PendingStep]
    problem: Problem | None = None
