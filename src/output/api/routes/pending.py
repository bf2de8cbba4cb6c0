"""The steps that a run is trying."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from output.api.http.responses import model_response
from output.api.routing.run_routes import RunDep, run_route
from output.api.routing.strict_query import StrictRoute
from output.api.state import StateDep
from output.engine.pending import read_pending_steps
from output.models.pending import PendingSteps

router = APIRouter(tags=["runs"], route_class=StrictRoute)


@run_route(router, "GET", "/pending-steps", responses=PendingSteps)
async def get_pending_steps(run: RunDep, state: StateDep) -> Response:
    """The steps that have begun and not ended, with the attempt that they are at and why the last one failed."""
    return model_response(await read_pending_steps(state.services.engine, run, workers=state.services.workers))
