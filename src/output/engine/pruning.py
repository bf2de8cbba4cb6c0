"""Letting go of large values that no run names any more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from datetime import timedelta

from google.protobuf.message import Message
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import (
    DescribeScheduleRequest,
    DescribeWorkflowExecutionRequest,
    GetWorkflowExecutionHistoryRequest,
    ListSchedulesRequest,
    ListWorkflowExecutionsRequest,
)

from output.engine.connection import Engine
from output.engine.payload_store.store import PayloadStore, StoredObject
from output.engine.payloads.carrier import read_reference
from output.engine.payloads.walk import payloads_in
from output.engine.rpc_errors import translate_rpc_errors
from output.errors import WorkflowNotFoundError
from output.models.references import RunRef

_AT_ONCE = 8  # runs that are read
_PAGE = 500


@dataclass(frozen=True)
class Pruned:
    """What a look at a store has found; sizes in bytes. `unnamed` is what goes."""

    runs: int
    objects: int
    size: int
    unnamed: tuple[StoredObject, ...]

    @property
    def unnamed_size(self) -> int:
        return sum(each.size for each in self.unnamed)


async def prune(engine: Engine, store: PayloadStore, *, older_than: timedelta, dry_run: bool) -> Pruned:
    """Delete the objects that no run and no schedule of the namespace names, and that were not written lately.

    A run names its values as long as the engine keeps its history. Nothing is deleted when anything could not be read.
    Raises EngineNotAvailableError, PayloadStoreError.
    """
    named: set[str] = set()
    runs = 0
    places = asyncio.Semaphore(_AT_ONCE)

    async def look(execution: WorkflowExecution, *, is_open: bool) -> None:
        async with places:
            named.update(await _named_by(engine, execution, is_open=is_open))

    async with asyncio.TaskGroup() as group:
        async for execution, is_open in _list_runs(engine):
            runs += 1
            group.create_task(look(execution, is_open=is_open))
    named.update(await _named_by_schedules(engine))
    # Listed after the runs were read: what was given again meanwhile counts as new.
    before = time.time() - older_than.total_seconds()
    found = await asyncio.to_thread(lambda: list(store.list_objects()))
    unnamed = tuple(each for each in found if each.digest not in named and each.written_at < before)
    if not dry_run:
        for each in unnamed:
            await asyncio.to_thread(store.delete, each.digest)
    return Pruned(runs, len(found), sum(each.size for each in found), unnamed)


async def _list_runs(engine: Engine) -> AsyncGenerator[tuple[WorkflowExecution, bool]]:
    request = ListWorkflowExecutionsRequest(namespace=engine.namespace, page_size=_PAGE)
    while True:
        with translate_rpc_errors():
            response = await engine.client.workflow_service.list_workflow_executions(request, retry=True)
        for info in response.executions:
            yield info.execution, not info.HasField("close_time")
        if not response.next_page_token:
            return
        request.next_page_token = response.next_page_token


async def _named_by(engine: Engine, execution: WorkflowExecution, *, is_open: bool) -> set[str]:
    service = engine.client.workflow_service
    named: set[str] = set()
    request = GetWorkflowExecutionHistoryRequest(namespace=engine.namespace, execution=execution, skip_archival=True)
    run = RunRef(execution.workflow_id, execution.run_id)
    try:
        with translate_rpc_errors(run):
            if is_open:  # what its steps report while they run is in no event yet
                about = DescribeWorkflowExecutionRequest(namespace=engine.namespace, execution=execution)
                named.update(_digests(await service.describe_workflow_execution(about, retry=True)))
            while True:
                response = await service.get_workflow_execution_history(request, retry=True)
                named.update(_digests(response))
                if not response.next_page_token:
                    return named
                request.next_page_token = response.next_page_token
    except WorkflowNotFoundError:  # forgotten meanwhile
        return named


async def _named_by_schedules(engine: Engine) -> set[str]:
    service = engine.client.workflow_service
    named: set[str] = set()
    request = ListSchedulesRequest(namespace=engine.namespace, maximum_page_size=_PAGE)
    with translate_rpc_errors():
        while True:
            response = await service.list_schedules(request, retry=True)
            for entry in response.schedules:
                about = DescribeScheduleRequest(namespace=engine.namespace, schedule_id=entry.schedule_id)
                named.update(_digests(await service.describe_schedule(about, retry=True)))
            if not response.next_page_token:
                return named
            request.next_page_token = response.next_page_token


def _digests(message: Message) -> Iterable[str]:
    for payload in payloads_in(message):
        reference = read_reference(payload)
        if reference is not None:
            yield reference.claim_data.get("sha256", "")
