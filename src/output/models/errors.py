"""The one shape of an error answer."""

from __future__ import annotations

from output.models.wire_model import WireModel


class IssueModel(WireModel):
    """One fault of an input."""

    path: str
    message: str
    code: str


class CauseModel(WireModel):
    """The exception that a handler raised."""

    name: str
    message: str


class ErrorBody(WireModel):
    """What went wrong; IDs only where they are known, issues only for 400s, handler and cause only for 422s."""

    error: str
    message: str
    issues: list[IssueModel] | None = None
    workflow_id: str | None = None
    run_id: str | None = None
    handler: str | None = None
    cause: CauseModel | None = None
