"""What to do next, in the command line's words: the API's sentences name headers and queries."""

from __future__ import annotations

from output.errors import (
    OutputError,
    UnauthorizedError,
    ValidationError,
    WorkflowAlreadyStartedError,
    WorkflowNotCompletedError,
)


def explain(error: OutputError) -> str:
    """The sentence for a person at a terminal; each issue of an input that does not fit has a line of its own."""
    workflow_id = "ID" if error.run is None else error.run.workflow_id
    if isinstance(error, WorkflowNotCompletedError):
        return (
            f"{workflow_id!r} is still running; follow it with `output workflow monitor {workflow_id}`, "
            "or see its trace so far with `output workflow debug --partial`."
        )
    if isinstance(error, WorkflowAlreadyStartedError):
        return f"{workflow_id!r} is running; take another --workflow-id, or say what to do with `--if-running`."
    if isinstance(error, UnauthorizedError):
        return "The server wants a token; set OUTPUT_API_AUTH_TOKEN to one that it accepts."
    if isinstance(error, ValidationError):
        more = [f"  {issue.path}: {issue.message}" for issue in error.issues if issue.message not in error.message]
        return "\n".join([error.message, *more])
    return error.message.replace("`GET /workflow/catalog` lists", "`output workflow list` shows")
