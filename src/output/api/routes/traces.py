"""The story of a run."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated

import pydantic_core
from fastapi import APIRouter, Query
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from output.api.http.responses import MEDIA_TYPE
from output.api.routing.run_routes import RunDep, run_route
from output.api.routing.strict_query import StrictRoute
from output.api.state import TracesDep
from output.engine.traces.reader import FoundTrace
from output.errors import TraceNotAvailableError, WorkflowNotCompletedError
from output.models.traces import TraceLog

router = APIRouter(tags=["runs"], route_class=StrictRoute)
Partial = Annotated[bool, Query(description="the tree so far of a run that is still open")]


@run_route(router, "GET", "/trace-log", responses=TraceLog, errors=(TraceNotAvailableError, WorkflowNotCompletedError))
async def get_trace_log(run: RunDep, traces: TracesDep, partial: Partial = False) -> Response:
    """The run's trace; 424 while the run is open, unless `partial`."""
    found = await traces.read(run, partial=partial)
    return StreamingResponse(_stream(found), media_type=MEDIA_TYPE)


async def _stream(found: FoundTrace) -> AsyncGenerator[bytes]:
    facts = {"source": found.source, "runId": found.run_id}
    if found.local_path is not None:
        facts["localPath"] = found.local_path
    try:
        yield pydantic_core.to_json(facts)[:-1] + b',"data":'
        async for chunk in iterate_in_threadpool(found.stream()):
            yield chunk
        yield b"}"
    finally:
        found.close()
