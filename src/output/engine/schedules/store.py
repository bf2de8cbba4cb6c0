"""Schedules as the engine keeps them: made, read, changed, steered, removed."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from temporalio.api.common.v1 import Memo
from temporalio.api.schedule.v1 import BackfillRequest as EngineBackfill
from temporalio.api.schedule.v1 import SchedulePatch, ScheduleState, TriggerImmediatelyRequest
from temporalio.api.workflowservice.v1 import (
    CreateScheduleRequest,
    DeleteScheduleRequest,
    DescribeScheduleRequest,
    DescribeScheduleResponse,
    ListSchedulesRequest,
    PatchScheduleRequest,
    UpdateScheduleRequest,
)
from temporalio.service import RPCError, RPCStatusCode

from output.engine.connection import Engine
from output.engine.payloads.converter import dump_json, to_payload
from output.engine.payloads.json import memo_value
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.engine.schedules.definition import OVERLAPS, Definition, Remembered, engine_schedule, remembered
from output.errors import ScheduleAlreadyExistsError, ScheduleNotFoundError, WorkflowNotFoundError
from output.models.schedules import Overlap

_DECLARED_BY = "declaredBy"  # in the schedule's own memo, which listings of schedules show
_PAGE = 1000


@dataclass(frozen=True)
class Stored:
    """A schedule as the engine describes it, and what its memo says of it."""

    id: str
    described: DescribeScheduleResponse
    remembered: Remembered


@dataclass(frozen=True)
class Listed:
    """A schedule in a listing; `declared_by` is the catalog whose code declares it."""

    id: str
    declared_by: str | None


async def create(engine: Engine, definition: Definition) -> None:
    """Make a schedule. Raises ScheduleAlreadyExistsError, ValidationError for times that the engine refuses."""
    request = CreateScheduleRequest(
        namespace=engine.namespace,
        schedule_id=definition.id,
        schedule=await engine_schedule(engine, definition),
        request_id=str(uuid.uuid4()),
        memo=_own_memo(definition),
    )
    with _translated(definition.id):
        await engine.client.workflow_service.create_schedule(request, retry=True, timeout=RPC_TIMEOUT)


async def read(engine: Engine, schedule_id: str) -> Stored:
    """A schedule as it stands. Raises ScheduleNotFoundError."""
    request = DescribeScheduleRequest(namespace=engine.namespace, schedule_id=schedule_id)
    with _translated(schedule_id):
        described = await engine.client.workflow_service.describe_schedule(request, retry=True, timeout=RPC_TIMEOUT)
    await engine.values.open(described)
    return Stored(schedule_id, described, remembered(described.schedule.action.start_workflow.memo))


async def update(engine: Engine, definition: Definition, *, keep_state: ScheduleState | None = None) -> None:
    """Write a schedule anew; what it has started so far stays known, and so does a state that is to be kept.

    Raises ScheduleNotFoundError, ValidationError.
    """
    schedule = await engine_schedule(engine, definition)
    if keep_state is not None:
        schedule.state.CopyFrom(keep_state)
    request = UpdateScheduleRequest(
        namespace=engine.namespace,
        schedule_id=definition.id,
        schedule=schedule,
        request_id=str(uuid.uuid4()),
    )
    with _translated(definition.id):
        await engine.client.workflow_service.update_schedule(request, retry=True, timeout=RPC_TIMEOUT)


async def delete(engine: Engine, schedule_id: str) -> None:
    """Remove a schedule; runs that it has started go on. Raises ScheduleNotFoundError."""
    request = DeleteScheduleRequest(namespace=engine.namespace, schedule_id=schedule_id)
    with _translated(schedule_id):
        await engine.client.workflow_service.delete_schedule(request, retry=True, timeout=RPC_TIMEOUT)


async def pause(engine: Engine, schedule_id: str, note: str) -> None:
    """Start no more runs until it goes on. Raises ScheduleNotFoundError."""
    await _patch(engine, schedule_id, SchedulePatch(pause=note))


async def resume(engine: Engine, schedule_id: str, note: str) -> None:
    """Go on. Raises ScheduleNotFoundError."""
    await _patch(engine, schedule_id, SchedulePatch(unpause=note))


async def trigger(engine: Engine, schedule_id: str, overlap: Overlap | None) -> None:
    """Start a run now. Raises ScheduleNotFoundError."""
    wanted = TriggerImmediatelyRequest()
    if overlap is not None:
        wanted.overlap_policy = OVERLAPS[overlap]
    await _patch(engine, schedule_id, SchedulePatch(trigger_immediately=wanted))


async def backfill(engine: Engine, schedule_id: str, begin: datetime, end: datetime, overlap: Overlap) -> None:
    """Start the runs of times that have passed. Raises ScheduleNotFoundError, ValidationError."""
    wanted = EngineBackfill(overlap_policy=OVERLAPS[overlap])
    wanted.start_time.FromDatetime(begin)
    wanted.end_time.FromDatetime(end)
    await _patch(engine, schedule_id, SchedulePatch(backfill_request=[wanted]))


async def read_page(engine: Engine, *, size: int, token: bytes = b"") -> tuple[list[Listed], bytes]:
    """A page of all schedules, and where the next one begins; a new one is listed after a moment."""
    request = ListSchedulesRequest(namespace=engine.namespace, maximum_page_size=size, next_page_token=token)
    with translate_rpc_errors():
        page = await engine.client.workflow_service.list_schedules(request, retry=True, timeout=RPC_TIMEOUT)
    listed: list[Listed] = []
    for entry in page.schedules:
        declared_by = memo_value(entry.memo.fields, _DECLARED_BY)
        listed.append(Listed(entry.schedule_id, declared_by if isinstance(declared_by, str) else None))
    return listed, page.next_page_token


async def read_all(engine: Engine) -> AsyncGenerator[Listed]:
    """All schedules, page after page."""
    token = b""
    while True:
        page, token = await read_page(engine, size=_PAGE, token=token)
        for listed in page:
            yield listed
        if not token:
            return


async def _patch(engine: Engine, schedule_id: str, patch: SchedulePatch) -> None:
    request = PatchScheduleRequest(
        namespace=engine.namespace, schedule_id=schedule_id, patch=patch, request_id=str(uuid.uuid4())
    )
    with _translated(schedule_id):
        await engine.client.workflow_service.patch_schedule(request, retry=True, timeout=RPC_TIMEOUT)


def _own_memo(definition: Definition) -> Memo | None:
    if definition.declared_by is None:
        return None
    return Memo(fields={_DECLARED_BY: to_payload(dump_json(definition.declared_by))})


@contextmanager
def _translated(schedule_id: str) -> Generator[None]:
    try:
        with translate_rpc_errors():
            yield
    except WorkflowNotFoundError as error:
        raise ScheduleNotFoundError(schedule_id) from error
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise
        raise ScheduleAlreadyExistsError(schedule_id) from error
