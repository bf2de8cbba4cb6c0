"""Whether the caller may start, or write to, a workflow: asked for once it is known which."""

from __future__ import annotations

from fastapi import Request
from starlette.requests import HTTPConnection

from output.api.middleware.permission import caller_of
from output.api.state import AppState
from output.engine.descriptions import describe_any
from output.errors import ForbiddenError, WorkflowNotFoundError
from output.models.references import RunRef
from output.models.runs import StartRequest


def permit(connection: HTTPConnection, scope: str) -> None:
    """Raises ForbiddenError unless the caller has this scope."""
    caller = caller_of(connection)
    if caller is not None and not caller.may(scope):
        raise ForbiddenError(scope, caller=caller.name)


async def permit_start(request: Request, state: AppState, body: StartRequest) -> None:
    """Raises ForbiddenError unless the caller may start this workflow, under this name, in place of what runs there."""
    caller = caller_of(request)
    if caller is None or caller.may("admin"):
        return
    if not caller.may(f"run:{body.workflow_name}"):
        version = await state.services.catalogs.read_known(body.catalog or body.task_queue or state.settings.catalog_id)
        entry = version.by_name.get(body.workflow_name)  # an alias is no workflow of its own
        permit(request, f"run:{entry.name if entry is not None else body.workflow_name}")
    if body.workflow_id is not None and body.conflict_policy == "terminate_existing":
        permit(request, "operate")
    if body.workflow_id is not None and body.conflict_policy == "use_existing":
        await _permit_use(request, state, body.workflow_id)


async def _permit_use(request: Request, state: AppState, workflow_id: str) -> None:
    """Who attaches to a run sees its result: it must be of a workflow that the caller may run."""
    try:
        description = await describe_any(state.services.engine, RunRef(workflow_id))
    except WorkflowNotFoundError:
        return
    permit(request, f"run:{description.workflow_execution_info.type.name}")
