"""Where a run stands, what it was started with, what came of it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from output.api.http.responses import model_response
from output.api.routing.disconnect import wait_for_client
from output.api.routing.run_routes import RunDep, run_route
from output.api.routing.strict_query import StrictRoute
from output.api.state import EngineDep, StateDep
from output.engine import runs
from output.engine.problems import read_problem
from output.errors import TooManyWaitsError, WorkflowNotCompletedError
from output.models.runs import RunInput, RunResult, RunStatus

router = APIRouter(tags=["runs"], route_class=StrictRoute)
Wait = Annotated[int | None, Query(ge=1, le=60, description="wait for the end first, seconds")]


@run_route(router, "GET", "/status", responses=RunStatus)
async def get_status(run: RunDep, state: StateDep) -> Response:
    """Where a run stands now, and what is wrong with it, if anything."""
    return model_response(await runs.read_status(state.services.engine, run, workers=state.services.workers))


@run_route(router, "GET", "/input", responses=RunInput)
async def get_input(run: RunDep, engine: EngineDep) -> Response:
    """What a run was started with; unpinned, what the first run of a continue-as-new chain was started with."""
    return model_response(await runs.read_input(engine, run))


@run_route(router, "GET", "/result", responses=RunResult, errors=(WorkflowNotCompletedError, TooManyWaitsError))
async def get_result(request: Request, run: RunDep, state: StateDep, wait: Wait = None) -> Response:
    """The result payload; 424 while the run is open."""
    engine = state.services.engine
    seconds = timedelta(seconds=wait) if wait is not None else None
    try:
        with state.waits.seat(run) if wait is not None else nullcontext():
            result = await wait_for_client(request, runs.read_result(engine, run, wait=seconds), run=run)
        return model_response(result)
    except WorkflowNotCompletedError as error:
        problem = await read_problem(engine, error.run or run, state.services.workers)
        error.problem = problem.model_dump(by_alias=True, exclude_none=True) if problem is not None else None
        raise
