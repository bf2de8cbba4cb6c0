"""Schedules: workflows that are started by the clock."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import MEDIA_TYPE, model_response
from output.api.routing.parameters import StrictFlag, WholeNumber
from output.api.routing.request_body import JsonRoute
from output.api.state import SchedulesDep, ServicesDep
from output.errors import (
    CatalogNotAvailableError,
    EngineBusyError,
    EngineNotAvailableError,
    InvalidPageTokenError,
    PayloadTooLargeError,
    ScheduleAlreadyExistsError,
    ScheduleDeclaredError,
    ScheduleNotFoundError,
    UnsupportedMediaTypeError,
    ValidationError,
    WorkflowNotFoundError,
)
from output.models.schedules import (
    BackfillRequest,
    NoteRequest,
    ScheduleDescription,
    SchedulePage,
    ScheduleRequest,
    TriggerRequest,
)
from output.operations import scheduling

router = APIRouter(prefix="/schedules", tags=["schedules"], route_class=JsonRoute)
IdPath = Annotated[str, Path(alias="scheduleId", min_length=1, max_length=255, description="the schedule's ID")]
Limit = Annotated[WholeNumber, Query(ge=1, le=1000, description="most schedules on the page")]
Token = Annotated[str | None, Query(alias="pageToken", description="`nextPageToken` of the page before")]
Force = Annotated[StrictFlag, Query(description="also one that code declares; it comes back with its worker")]
_ENGINE_ERRORS = (ValidationError, EngineBusyError, EngineNotAvailableError)
_ERRORS = (*_ENGINE_ERRORS, ScheduleNotFoundError)
_BODY_ERRORS = (PayloadTooLargeError, UnsupportedMediaTypeError)
_WRITE_ERRORS = (WorkflowNotFoundError, CatalogNotAvailableError, *_BODY_ERRORS)


@router.get("", response_model=SchedulePage, responses=may_raise(*_ENGINE_ERRORS, InvalidPageTokenError))
async def list_schedules(schedules: SchedulesDep, limit: Limit = 100, page_token: Token = None) -> Response:
    """All schedules, the latest made first; a new one shows within about a second. `count` is that of this page."""
    return model_response(await schedules.list(limit=limit, token=page_token or None))


@router.post(
    "",
    status_code=201,
    response_model=ScheduleDescription,
    responses=may_raise(*_ENGINE_ERRORS, *_WRITE_ERRORS, ScheduleAlreadyExistsError),
)
async def create_schedule(services: ServicesDep, body: ScheduleRequest) -> Response:
    """Make a schedule; its input is checked like that of a start."""
    made = await scheduling.create(services, body)
    location = f"/schedules/{quote(made.id, safe='')}"
    return Response(
        made.model_dump_json(by_alias=True), status_code=201, media_type=MEDIA_TYPE, headers={"Location": location}
    )


@router.get("/{scheduleId:segment}", response_model=ScheduleDescription, responses=may_raise(*_ERRORS))
async def get_schedule(services: ServicesDep, schedule_id: IdPath) -> Response:
    """One schedule, with its next ten times and its latest runs."""
    return model_response(await scheduling.read(services, schedule_id))


@router.put(
    "/{scheduleId:segment}",
    response_model=ScheduleDescription,
    responses=may_raise(*_ERRORS, *_WRITE_ERRORS, ScheduleDeclaredError),
)
async def replace_schedule(services: ServicesDep, schedule_id: IdPath, body: ScheduleRequest) -> Response:
    """Write a schedule anew, whole; what is left out has its default. What it has started stays known."""
    return model_response(await scheduling.replace(services, schedule_id, body))


@router.delete("/{scheduleId:segment}", status_code=204, responses=may_raise(*_ERRORS, ScheduleDeclaredError))
async def delete_schedule(services: ServicesDep, schedule_id: IdPath, force: Force = False) -> Response:
    """Remove a schedule; runs that it has started go on."""
    await scheduling.delete(services, schedule_id, force=force)
    return Response(status_code=204)


@router.post(
    "/{scheduleId:segment}/pause", response_model=ScheduleDescription, responses=may_raise(*_ERRORS, *_BODY_ERRORS)
)
async def pause_schedule(services: ServicesDep, schedule_id: IdPath, body: NoteRequest | None = None) -> Response:
    """Start no more runs until it is resumed; runs that go on are left alone."""
    return model_response(await scheduling.pause(services, schedule_id, body.note if body is not None else None))


@router.post(
    "/{scheduleId:segment}/resume", response_model=ScheduleDescription, responses=may_raise(*_ERRORS, *_BODY_ERRORS)
)
async def resume_schedule(services: ServicesDep, schedule_id: IdPath, body: NoteRequest | None = None) -> Response:
    """Go on; times that passed meanwhile stay passed, `backfill` starts their runs."""
    return model_response(await scheduling.resume(services, schedule_id, body.note if body is not None else None))


@router.post(
    "/{scheduleId:segment}/trigger", response_model=ScheduleDescription, responses=may_raise(*_ERRORS, *_BODY_ERRORS)
)
async def trigger_schedule(services: ServicesDep, schedule_id: IdPath, body: TriggerRequest | None = None) -> Response:
    """Start a run now, also of a paused schedule; it shows in `recent` within a moment."""
    return model_response(await scheduling.trigger(services, schedule_id, body or TriggerRequest()))


@router.post(
    "/{scheduleId:segment}/backfill", response_model=ScheduleDescription, responses=may_raise(*_ERRORS, *_BODY_ERRORS)
)
async def backfill_schedule(services: ServicesDep, schedule_id: IdPath, body: BackfillRequest) -> Response:
    """Start the runs of times that have passed, by default one after the other."""
    return model_response(await scheduling.backfill(services, schedule_id, body))
