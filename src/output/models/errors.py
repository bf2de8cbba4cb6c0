"""The one shape of an error answer."""

from __future__ import annotations

from pydantic import JsonValue

from output.models.problems import Problem
from output.models.wire_model import WireModel


class IssueModel(WireModel):
    """One fault of an input; `pointer` (RFC 6901) is its place in the body, and left out elsewhere."""

    path: str
    message: str
    code: str
    pointer: str | None = None


class CauseModel(WireModel):
    """The exception that a handler raised."""

    name: str
    message: str


class ErrorBody(WireModel):
    """What went wrong: IDs where they are known, issues for 400s, handler and cause for 422s.

    `details` has the facts of some errors, such as `known` names, a `limit`, or `waitedMs`.
    """

    error: str
    message: str
    issues: list[IssueModel] | None = None
    workflow_id: str | None = None
    run_id: str | None = None
    details: dict[str, JsonValue] | None = None
    handler: str | None = None
    cause: CauseModel | None = None
    problem: Problem | None = None
