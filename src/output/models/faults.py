"""The one shape of an error answer."""

from __future__ import annotations

from output.models.wire import WireModel


class IssueModel(WireModel):
    """One fault of an input."""

    path: str
    message: str
    code: str


class ErrorBody(WireModel):
    """What went wrong; IDs only where they are known, issues only for 400s."""

    error: str
    message: str
    issues: list[IssueModel] | None = None
    workflow_id: str | None = None
    run_id: str | None = None
