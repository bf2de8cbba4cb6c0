"""The story of a run."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from itertools import chain
from typing import Annotated, Literal

import pydantic_core
from fastapi import APIRouter, Query
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.responses import Response, StreamingResponse

from output.api.http.responses import MEDIA_TYPE
from output.api.routing.run_routes import RunDep, run_route
from output.api.routing.strict_query import StrictRoute
from output.api.state import TracesDep
from output.engine.traces.reader import FoundTrace
from output.errors import NotFoundError, TraceNotAvailableError, WorkflowNotCompletedError
from output.models.references import RunRef
from output.models.traces import TraceLog
from output.tracing.outline import find_node, outline

router = APIRouter(tags=["runs"], route_class=StrictRoute)
_CHUNK = 64 * 1024
Partial = Annotated[bool, Query(description="the tree so far of a run that is still open")]


Values = Annotated[
    Literal["all", "none"], Query(description="`none`: an outline with sizes and labels in the place of values")
]
NodeId = Annotated[
    str | None,
    Query(alias="node", min_length=1, max_length=500, description="one node with its values, what is below as outline"),
]


@run_route(
    router,
    "GET",
    "/trace-log",
    responses=TraceLog,
    errors=(TraceNotAvailableError, WorkflowNotCompletedError, NotFoundError),
)
async def get_trace_log(
    *, run: RunDep, traces: TracesDep, partial: Partial = False, values: Values = "all", node: NodeId = None
) -> Response:
    """The run's trace; 424 while the run is open, unless `partial`."""
    found = await traces.read(run, partial=partial)
    content = found.stream()
    if node is not None:
        content = await _only(node, found, run)
        if values == "none":
            content = outline(content)
    elif values == "none":
        content = outline(content)
    return StreamingResponse(_stream(found, content), media_type=MEDIA_TYPE)


async def _only(node: str, found: FoundTrace, run: RunRef) -> Iterator[bytes]:
    """The node's JSON, of which the first line has been found."""
    lines = find_node(found.stream(), node)
    first = await run_in_threadpool(next, lines, None)
    if first is None:
        found.close()
        raise NotFoundError(f"The trace of workflow {run} has no node {node!r}.", run=run)
    return chain([first], lines)


async def _stream(found: FoundTrace, content: Iterable[bytes]) -> AsyncGenerator[bytes]:
    facts = {"source": found.source, "runId": found.run_id}
    if found.local_path is not None:
        facts["localPath"] = found.local_path
    try:
        yield pydantic_core.to_json(facts)[:-1] + b',"data":'
        async for chunk in iterate_in_threadpool(_gathered(content)):
            yield chunk
        yield b"}"
    finally:
        found.close()


def _gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Fewer, larger chunks: each is a way to a thread and back."""
    chunk = bytearray()
    for line in lines:
        chunk += line
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)
