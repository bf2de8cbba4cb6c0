"""Runs, catalogs and kinds of steps by name, for all rooms; without pydantic, which quick commands do without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

RunState = Literal["running", "completed", "failed", "canceled", "terminated", "timed_out", "continued_as_new"]

StepKind = Literal["step", "evaluator", "http", "webhook"]
# Steps that come with Output, and their kinds in a trace; an author's step cannot have such a name.
BUILT_IN_STEPS: Mapping[str, StepKind] = {
    "send_http_request": "http",
    "await_webhook": "webhook",
    "request_approval": "webhook",
    "make_wait_token": "webhook",
}

# What may name a catalog: it is part of a workflow ID, a task queue and a URL.
CATALOG_ID_PATTERN = r"^[A-Za-z0-9_.@-]+$"


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of an input: where (`input.urls.0`), why, and a stable code; `pointer` is the place in the body."""

    path: str
    message: str
    code: str
    pointer: str | None = None  # RFC 6901; None for what does not stand in a body


@dataclass(frozen=True, slots=True)
class RunRef:
    """One run of a workflow, or with `run_id=None` whichever is the latest."""

    workflow_id: str
    run_id: str | None = None

    def __str__(self) -> str:
        return repr(self.workflow_id) if self.run_id is None else f"{self.workflow_id!r} (run {self.run_id})"


def describe_issues(label: str, issues: Sequence[Issue]) -> str:
    """A sentence that names the first three faults and counts the rest."""
    named = "; ".join(f"{issue.path}: {issue.message}" for issue in issues[:3])
    more = f" (and {len(issues) - 3} more)" if len(issues) > 3 else ""
    return f"{label} does not fit: {named}{more}"
