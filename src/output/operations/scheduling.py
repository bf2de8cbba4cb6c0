"""Schedules: checked like a start, kept by the engine, and left to code where code declares them."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from zoneinfo import available_timezones

from output.engine.payloads.converter import dump_json
from output.engine.schedules import store
from output.engine.schedules.definition import Definition
from output.engine.schedules.reading import schedule_of
from output.engine.schedules.store import Stored
from output.errors import ScheduleDeclaredError, ScheduleNotFoundError, ValidationError
from output.models.references import Issue, describe_issues
from output.models.runs import StartRequest
from output.models.schedules import (
    BackfillRequest,
    ScheduleDescription,
    ScheduleRequest,
    ScheduleSpec,
    ScheduleTimes,
    TriggerRequest,
)
from output.operations.services import Services
from output.operations.starting import find_workflow, longest_life
from output.operations.value_size import check_value_size


async def create(services: Services, request: ScheduleRequest) -> ScheduleDescription:
    """Make a schedule. Raises WorkflowNotFoundError, ValidationError, ScheduleAlreadyExistsError."""
    schedule_id = request.id or f"{request.workflow_name.lstrip('_')[:100]}-{uuid.uuid4().hex[:8]}"
    definition = await _define(services, schedule_id, request)
    with _naming_the_field(request):
        await store.create(services.engine, definition)
    return await read(services, schedule_id)


async def read(services: Services, schedule_id: str) -> ScheduleDescription:
    """A schedule as it stands. Raises ScheduleNotFoundError."""
    return await schedule_of(services.engine, await store.read(services.engine, schedule_id))


async def replace(services: Services, schedule_id: str, request: ScheduleRequest) -> ScheduleDescription:
    """Write a schedule anew; what it has started stays known.

    Raises ScheduleNotFoundError, ScheduleDeclaredError, WorkflowNotFoundError, ValidationError.
    """
    if request.id not in {None, schedule_id}:
        message = f"the address names {schedule_id!r}; leave it out"
        raise ValidationError(
            f"The request does not fit: id: {message}.", issues=[Issue("id", message, "mismatch", "/id")]
        )
    _refuse_declared(await _ours(services, schedule_id))
    definition = await _define(services, schedule_id, request)
    with _naming_the_field(request):
        await store.update(services.engine, definition)
    return await read(services, schedule_id)


async def delete(services: Services, schedule_id: str, *, force: bool) -> None:
    """Remove a schedule; runs that it has started go on. Raises ScheduleNotFoundError, ScheduleDeclaredError."""
    stored = await _ours(services, schedule_id)
    if not force:
        _refuse_declared(stored)
    await store.delete(services.engine, schedule_id)


async def pause(services: Services, schedule_id: str, note: str | None) -> ScheduleDescription:
    """Start no more runs until it is resumed. Raises ScheduleNotFoundError."""
    stored = await _ours(services, schedule_id)
    await store.pause(services.engine, schedule_id, note or stored.described.schedule.state.notes or "paused")
    return await read(services, schedule_id)


async def resume(services: Services, schedule_id: str, note: str | None) -> ScheduleDescription:
    """Go on; times that passed meanwhile stay passed. Raises ScheduleNotFoundError."""
    stored = await _ours(services, schedule_id)
    await store.resume(services.engine, schedule_id, note or stored.described.schedule.state.notes or "resumed")
    return await read(services, schedule_id)


async def trigger(services: Services, schedule_id: str, request: TriggerRequest) -> ScheduleDescription:
    """Start a run now, also of a paused schedule. Raises ScheduleNotFoundError."""
    await _ours(services, schedule_id)
    await store.trigger(services.engine, schedule_id, request.overlap)
    return await read(services, schedule_id)


async def backfill(services: Services, schedule_id: str, request: BackfillRequest) -> ScheduleDescription:
    """Start the runs of times that have passed. Raises ScheduleNotFoundError, ValidationError."""
    await _ours(services, schedule_id)
    await store.backfill(services.engine, schedule_id, request.start_at, request.end_at, request.overlap)
    return await read(services, schedule_id)


async def _ours(services: Services, schedule_id: str) -> Stored:
    """A schedule that Output has made: what others keep on the same engine is not touched."""
    stored = await store.read(services.engine, schedule_id)
    if stored.remembered.spec is None:
        raise ScheduleNotFoundError(schedule_id)
    return stored


def _refuse_declared(stored: Stored) -> None:
    catalog = stored.remembered.declared_by
    if catalog is not None:
        workflow = stored.described.schedule.action.start_workflow.workflow_type.name
        raise ScheduleDeclaredError(stored.id, workflow=workflow, catalog=catalog)


async def _define(services: Services, schedule_id: str, spec: ScheduleSpec) -> Definition:
    """The schedule as it is written, its workflow found and its input checked as a start's are."""
    _check_timezone(spec.timezone)
    catalog_id = spec.catalog or services.catalog_id
    entry = await find_workflow(services, StartRequest(workflow_name=spec.workflow_name, input=spec.input), catalog_id)
    data = dump_json(spec.input)
    check_value_size(data, "input", limits=services.engine.limits)
    fields = {name: getattr(spec, name) for name in ScheduleSpec.model_fields}
    return Definition(
        id=schedule_id,
        spec=ScheduleSpec.model_construct(**fields),
        workflow=entry.name,
        input=data,
        task_queue=catalog_id,
        execution_timeout=longest_life(services, entry),
    )


def _check_timezone(name: str | None) -> None:
    """Refuse a zone that there is not; where this machine knows no zones, the engine is left to judge."""
    known = available_timezones()
    if name is None or not known or name in known:
        return
    message = f"there is no time zone {name!r}; give a name such as Europe/Berlin"
    raise ValidationError(
        f"The request does not fit: timezone: {message}.",
        issues=[Issue("timezone", message, "unknown", "/timezone")],
    )


@contextmanager
def _naming_the_field(times: ScheduleTimes) -> Generator[None]:
    """The engine alone knows all of cron: what it refuses is told at the field that says when."""
    try:
        yield
    except ValidationError as error:
        field = next(name for name in ("cron", "every", "calendars") if getattr(times, name) is not None)
        issues = [Issue(field, error.message.removeprefix("The engine refuses this: "), "refused", f"/{field}")]
        raise ValidationError(describe_issues("The request", issues), issues=issues) from error
