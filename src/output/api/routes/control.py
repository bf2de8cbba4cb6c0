"""Stopping, terminating and resetting runs."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter
from starlette.responses import Response

from output.api.http.responses import model_response
from output.api.routing.request_body import JsonRoute
from output.api.routing.run_routes import RunDep, run_route
from output.api.state import EngineDep
from output.engine import control
from output.errors import (
    PayloadTooLargeError,
    StepNotCompletedError,
    StepNotFoundError,
    UnsupportedMediaTypeError,
    WorkflowAlreadyClosedError,
)
from output.models.messages import ResetRequest, Terminated, TerminateRequest
from output.models.references import RunRef
from output.models.runs import RunIds

router = APIRouter(tags=["control"], route_class=JsonRoute)
_BODY_ERRORS = (PayloadTooLargeError, UnsupportedMediaTypeError)


@run_route(router, "PATCH", "/stop", responses=RunIds)
async def stop(run: RunDep, engine: EngineDep) -> Response:
    """Ask a run to end, with its clean-up; how it ends is its own choice. One that has ended is stopped already."""
    return model_response(_ids(await control.stop(engine, run)))


@run_route(router, "POST", "/terminate", responses=Terminated, errors=(WorkflowAlreadyClosedError, *_BODY_ERRORS))
async def terminate(run: RunDep, engine: EngineDep, body: TerminateRequest | None = None) -> Response:
    """End a run at once, without clean-up."""
    ended = await control.terminate(engine, run, reason=body.reason if body is not None else None)
    return model_response(Terminated(workflow_id=ended.workflow_id, run_id=cast("str", ended.run_id)))


@run_route(router, "POST", "/reset", responses=RunIds, errors=(StepNotFoundError, StepNotCompletedError, *_BODY_ERRORS))
async def reset(run: RunDep, engine: EngineDep, body: ResetRequest) -> Response:
    """Redo a run from the completion of a step's last occurrence; the answer names the new run.

    `stepName` is a step's name or `<workflow>#<step>`. Signals and updates that came later are kept.
    """
    return model_response(_ids(await control.reset(engine, run, step_name=body.step_name, reason=body.reason)))


def _ids(run: RunRef) -> RunIds:
    return RunIds(workflow_id=run.workflow_id, run_id=cast("str", run.run_id))
