"""Which run a path means: routes for the latest run, and the same pinned to one."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from types import GenericAlias
from typing import Annotated, Any, ParamSpec
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.routing.parameters import RunId
from output.errors import EngineBusyError, EngineNotAvailableError, OutputError, ValidationError, WorkflowNotFoundError
from output.models.references import Issue, RunRef
from output.models.wire_model import WireModel

P = ParamSpec("P")
Endpoint = Callable[P, Awaitable[Response]]
WorkflowIdPath = Annotated[str, Path(alias="workflowId", min_length=1, max_length=255, description="workflow ID")]
RunIdPath = Annotated[RunId, Path(alias="runId", description="run ID")]
NamedRun = Annotated[RunId | None, Query(alias="runId", description="the run to read; else the latest")]
RUN_ERRORS: tuple[type[OutputError], ...] = (
    ValidationError,
    WorkflowNotFoundError,
    EngineBusyError,
    EngineNotAvailableError,
)


def meant_run(run: RunRef, named: UUID | None) -> RunRef:
    """The run of the path, or the one that `?runId=` names. Raises ValidationError where they differ."""
    if named is None:
        return run
    if run.run_id not in {None, str(named)}:
        message = "The path is pinned to another run; leave runId out."
        raise ValidationError(message, issues=[Issue("runId", message, "mismatch")], run=run)
    return RunRef(run.workflow_id, str(named))


async def _latest_run(workflow_id: WorkflowIdPath) -> RunRef:
    return RunRef(workflow_id)


async def _pinned_run(workflow_id: WorkflowIdPath, run_id: RunIdPath) -> RunRef:
    return RunRef(workflow_id, str(run_id))


RunDep = Annotated[RunRef, Depends(_latest_run)]
_PinnedRunDep = Annotated[RunRef, Depends(_pinned_run)]


def run_route(
    router: APIRouter,
    method: str,
    path: str,
    *,
    responses: type[WireModel] | GenericAlias | None = None,
    errors: tuple[type[OutputError], ...] = (),
    others: Mapping[int | str, dict[str, Any]] | None = None,
) -> Callable[[Endpoint[P]], Endpoint[P]]:
    """Serve a function as `/workflow/:id<path>` and pinned as `/workflow/:id/runs/:rid<path>`.

    The function takes the run that is meant as `run: RunDep`; `faults` come beside those of every run, and
    `others` are answers that are no JSON model.
    """

    def register(endpoint: Endpoint[P]) -> Endpoint[P]:
        for prefix, function in (
            ("/workflow/{workflowId:segment}/runs/{runId}", _pinned(endpoint)),
            ("/workflow/{workflowId:segment}", endpoint),
        ):
            router.add_api_route(
                prefix + path,
                function,
                methods=[method],
                response_model=responses,
                responses={**may_raise(*RUN_ERRORS, *errors), **(others or {})},
            )
        return endpoint

    return register


def _pinned(endpoint: Endpoint[P]) -> Endpoint[P]:
    """The same function, asked for one run."""

    @wraps(endpoint)
    async def response(*args: P.args, **kwargs: P.kwargs) -> Response:
        return await endpoint(*args, **kwargs)

    signature = inspect.signature(endpoint)
    parameters = [
        parameter.replace(annotation=_PinnedRunDep) if name == "run" else parameter
        for name, parameter in signature.parameters.items()
    ]
    response.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return response
