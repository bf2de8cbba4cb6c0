"""Runs in pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator, WithJsonSchema
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import model_response
from output.api.routing.parameters import StrictFlag, WholeNumber
from output.api.routing.strict_query import ClosedRoute
from output.api.state import StateDep
from output.engine.listing import RunFilter
from output.engine.problems import with_problems
from output.errors import EngineBusyError, EngineNotAvailableError, InvalidPageTokenError, ValidationError
from output.models.problems import ProblemKind
from output.models.references import RunState
from output.models.runs import CatalogId, RunCount, RunPage, Tag, WorkflowId

router = APIRouter(prefix="/workflow", tags=["runs"], route_class=ClosedRoute)
_MAX_YEAR_MS = 253_402_300_800_000  # the end of the year 9999


def _timestamp(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.isascii() and value.isdecimal():
        if len(value) > 15 or int(value) >= _MAX_YEAR_MS:
            raise ValueError("give milliseconds since the epoch, or an ISO 8601 time")
        return datetime.fromtimestamp(int(value) / 1000, UTC)
    try:
        # A `+` that was not percent-encoded arrives as a space.
        moment = datetime.fromisoformat(value.strip().replace(" ", "T" if ":" not in value.split(" ")[0] else "+"))
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("give milliseconds since the epoch, or an ISO 8601 time") from None


_TEXT = r"^[^\u0000]+$"
Timestamp = Annotated[
    datetime,
    BeforeValidator(_timestamp),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer", "minimum": 0}]}),
]
Limit = Annotated[WholeNumber, Query(ge=1, le=1000, description="most runs on the page")]
TypeFilter = Annotated[str | None, Query(alias="workflowType", pattern=_TEXT, description="the workflow's name")]
CatalogFilter = Annotated[CatalogId | None, Query(description="catalog id = task queue")]
StatusFilter = Annotated[list[RunState], Query(description="where runs stand; several mean any of them")]
RootFilter = Annotated[StrictFlag, Query(description="no children")]
ParentFilter = Annotated[WorkflowId | None, Query(description="the children of runs of this ID")]
TagFilter = Annotated[list[Tag], Query(alias="tag", description="runs with this tag; several mean all of them")]
GroupBy = Annotated[Literal["status"] | None, Query(alias="groupBy", description="count by where runs stand")]
IdFilter = Annotated[WorkflowId | None, Query(alias="workflowId", description="all runs of an ID")]
After = Annotated[Timestamp | None, Query(alias="startedAfter", description="begun then or later: ISO 8601 or ms")]
Before = Annotated[Timestamp | None, Query(alias="startedBefore", description="begun before: ISO 8601 or ms")]
Token = Annotated[str | None, Query(alias="pageToken", description="`nextPageToken` of the page before, same filters")]


Problems = Annotated[StrictFlag, Query(description="tell what is wrong with the running ones of the page")]
ProblemFilter = Annotated[ProblemKind | None, Query(description="of the page, only runs with this problem")]


def _filter(
    *,
    workflow_type: TypeFilter = None,
    catalog: CatalogFilter = None,
    status: StatusFilter = [],  # noqa: B006 — FastAPI copies it
    workflow_id: IdFilter = None,
    started_after: After = None,
    started_before: Before = None,
    root: RootFilter = False,
    parent: ParentFilter = None,
    tags: TagFilter = [],  # noqa: B006 — FastAPI copies it
) -> RunFilter:
    return RunFilter(
        workflow_type=workflow_type,
        catalog=catalog,
        status=tuple(dict.fromkeys(status)),
        workflow_id=workflow_id,
        started_after=started_after,
        started_before=started_before,
        root=root,
        parent=parent,
        tags=tuple(dict.fromkeys(tags)),
    )


FilterDep = Annotated[RunFilter, Depends(_filter)]


@router.get(
    "/runs/count",
    response_model=RunCount,
    responses=may_raise(ValidationError, EngineBusyError, EngineNotAvailableError),
)
async def count_runs(*, state: StateDep, wanted: FilterDep, group_by: GroupBy = None) -> Response:
    """How many runs fit all filters, and where they stand with `groupBy=status`; a new run counts within a second."""
    return model_response(await state.runs.count(wanted, by_status=group_by is not None))


@router.get(
    "/runs",
    response_model=RunPage,
    responses=may_raise(ValidationError, InvalidPageTokenError, EngineBusyError, EngineNotAvailableError),
)
async def list_runs(
    *,
    state: StateDep,
    wanted: FilterDep,
    limit: Limit = 100,
    page_token: Token = None,
    problems: Problems = False,
    problem: ProblemFilter = None,
) -> Response:
    """Runs that fit all filters, as the engine orders them: open ones first. `count` is that of this page.

    A new run, or its end, shows within about a second.
    """
    page = await state.runs.list(wanted, limit=limit, token=page_token or None)
    if problems or problem is not None:
        page = await with_problems(state.services.engine, state.services.workers, page, only=problem)
    return model_response(page)
