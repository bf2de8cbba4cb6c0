"""Schedules that code declares, made, changed and removed in the engine by the worker that publishes the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from output.engine.catalog import is_published
from output.engine.connection import Engine
from output.engine.payloads.converter import dump_json
from output.engine.schedules import store
from output.engine.schedules.definition import Definition
from output.errors import ScheduleAlreadyExistsError, ScheduleNotFoundError, ValidationError
from output.models.catalog import PublishedCatalog, PublishedWorkflow
from output.models.schedules import PublishedSchedule, ScheduleSpec, ScheduleTimes

log = structlog.get_logger("output.worker")


async def reconcile_schedules(engine: Engine, catalog: PublishedCatalog) -> None:
    """Make the engine's schedules those that the catalog declares; safe beside other workers that do the same.

    One that the engine refuses is logged and left out. Raises EngineNotAvailableError, EngineBusyError.
    """
    catalog_id = engine.settings.catalog_id
    wanted = {
        declared.id: _define(catalog_id, entry, declared) for entry in catalog.workflows for declared in entry.schedules
    }
    if not await is_published(engine, catalog):
        return  # a newer worker's catalog has taken this one's place, and its schedules too
    for definition in wanted.values():
        try:
            await _write(engine, definition)
        except ValidationError as error:
            log.error("schedule refused", schedule=definition.id, workflow=definition.workflow, reason=error.message)
    await _remove_others(engine, catalog_id, wanted)


def _define(catalog_id: str, entry: PublishedWorkflow, declared: PublishedSchedule) -> Definition:
    times = {name: getattr(declared, name) for name in ScheduleTimes.model_fields}
    spec = ScheduleSpec(
        **times,
        workflow_name=entry.name,
        catalog=catalog_id,
        paused=declared.paused,
        note=declared.note,
        tags=declared.tags,
    )
    return Definition(
        id=declared.id,
        spec=spec,
        workflow=entry.name,
        input=dump_json(declared.input),
        task_queue=catalog_id,
        execution_timeout=timedelta(milliseconds=entry.timeout) if entry.timeout is not None else None,
        declared_by=catalog_id,
    )


async def _write(engine: Engine, definition: Definition) -> None:
    """Make a schedule, or change the one that is there; a hand's pause stays unless the code's own word changes."""
    try:
        stored = await store.read(engine, definition.id)
    except ScheduleNotFoundError:
        try:
            await store.create(engine, definition)
        except ScheduleAlreadyExistsError:  # another worker of the same deployment was quicker
            return
        log.info("schedule made", schedule=definition.id, workflow=definition.workflow)
        return
    known = stored.remembered
    if known.declared_by != definition.declared_by:
        log.error(
            "schedule not made: its ID belongs to another; give it an `id=` of its own",
            schedule=definition.id,
            workflow=definition.workflow,
            holder=known.declared_by,
        )
    elif known.fingerprint != definition.fingerprint():
        same_word = known.spec is not None and (known.spec.paused, known.spec.note) == (
            definition.spec.paused,
            definition.spec.note,
        )
        await store.update(engine, definition, keep_state=stored.described.schedule.state if same_word else None)
        log.info("schedule changed", schedule=definition.id, workflow=definition.workflow)


async def _remove_others(engine: Engine, catalog_id: str, wanted: Mapping[str, Definition]) -> None:
    """Remove what this catalog declared once and declares no more."""
    async for listed in store.read_all(engine):
        if listed.declared_by != catalog_id or listed.id in wanted:
            continue
        try:
            await store.delete(engine, listed.id)
        except ScheduleNotFoundError:
            continue
        log.info("schedule removed", schedule=listed.id)
