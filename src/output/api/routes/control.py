"""Stopping, terminating and resetting runs."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter
from starlette.responses import Response

from output.api.http.responses import model_response
from output.api.routing.request_body import JsonRoute
from output.api.routing.run_routes import RunDep, run_route
from output.api.state import EngineDep, StateDep
from output.engine import control, webhooks
from output.errors import (
    NothingToResetError,
    PayloadTooLargeError,
    StepNotCompletedError,
    StepNotFoundError,
    TooManyStartsError,
    UnsupportedMediaTypeError,
    WorkflowAlreadyClosedError,
    WorkflowAlreadyStartedError,
)
from output.models.messages import RerunRequest, ResetPreview, ResetRequest, Terminated, TerminateRequest
from output.models.references import RunRef
from output.models.runs import RunIds
from output.operations import rerunning

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
    await webhooks.nudge(engine, ended)
    return model_response(Terminated(workflow_id=ended.workflow_id, run_id=cast("str", ended.run_id)))


@run_route(
    router,
    "POST",
    "/reset",
    responses=cast("type[RunIds]", RunIds | ResetPreview),
    errors=(StepNotFoundError, StepNotCompletedError, NothingToResetError, *_BODY_ERRORS),
)
async def reset(run: RunDep, engine: EngineDep, body: ResetRequest) -> Response:
    """Redo a run from the last completion of a step, from its start or its failure; the answer names the new run.

    `stepName` is a step's name or `<workflow>#<step>`. Signals and updates that came later are kept. With `preview`
    nothing is changed, and the answer tells what would be kept, redone and dropped.
    """
    point = control.ResetPoint(step_name=body.step_name, to=body.to)
    if body.preview:
        return model_response(await control.preview_reset(engine, run, point))
    return model_response(_ids(await control.reset(engine, run, point, reason=body.reason)))


@run_route(
    router, "POST", "/rerun", responses=RunIds, errors=(WorkflowAlreadyStartedError, TooManyStartsError, *_BODY_ERRORS)
)
async def rerun(run: RunDep, state: StateDep, body: RerunRequest | None = None) -> Response:
    """Start a run's workflow again as a run of its own, with the same input or the given one."""
    return model_response(_ids(await rerunning.rerun(state.services, run, body or RerunRequest())))


def _ids(run: RunRef) -> RunIds:
    return RunIds(workflow_id=run.workflow_id, run_id=cast("str", run.run_id))
