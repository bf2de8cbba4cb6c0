"""What is wrong with a run that is open."""

from __future__ import annotations

from typing import Literal

from output.models.wire_model import WireModel

ProblemKind = Literal["code_changed", "workflow_task_failing", "no_worker", "step_failing", "near_limit"]


class Problem(WireModel):
    """Why a run does not get on: since when (ms since the epoch), and how often it was tried.

    `step` and `location` (file and line) are there where they are known.
    """

    kind: ProblemKind
    message: str
    since: int
    attempts: int
    step: str | None = None
    location: str | None = None
