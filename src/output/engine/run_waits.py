"""Waiting for a run's end: by the engine's long poll, which may miss it, and by asking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import TypeAlias, TypeVar

from temporalio.api.enums.v1 import HistoryEventFilterType
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest

from output.engine.connection import Engine
from output.engine.descriptions import describe, state_of
from output.engine.event_log import execution_of
from output.engine.rpc_errors import translate_rpc_errors
from output.engine.run_end import RunEnd, is_terminal, read_end
from output.models.references import RunRef

T = TypeVar("T")
# A long poll whose run ends in the moment in which it begins may come back only after the engine's 20 s: 6 of 18,000
# did. Three questions in its first seconds cost little beside a run that takes so long.
ASK_AFTER = (1.0, 2.0, 4.0)
# They tell None while the run is open.
Ask: TypeAlias = Callable[[], Coroutine[None, None, RunEnd | None]]
EndOf: TypeAlias = Callable[[Engine, RunRef], Coroutine[None, None, RunEnd | None]]


async def wait_for_end(engine: Engine, run: RunRef, *, within: timedelta | None = None) -> RunEnd:
    """Wait for the end of an execution: across continue-as-new, retries and resets.

    Raises TimeoutError where it has not ended `within` that time; an end that the wait itself missed is found.
    """
    return await _bounded(lambda: _follow(engine, run, wait_for_run), lambda: find_last_end(engine, run), within)


async def wait_for_exactly(engine: Engine, run: RunRef, *, within: timedelta | None = None) -> RunEnd:
    """Wait for the end of exactly one run, whatever goes on in its place; raises TimeoutError."""
    return await _bounded(lambda: wait_for_run(engine, run), lambda: find_end(engine, run), within)


async def find_last_end(engine: Engine, run: RunRef) -> RunEnd | None:
    """How an execution ended, across continue-as-new, retries and resets, or None while it is open."""
    return await _follow(engine, run, find_end)


async def find_end(engine: Engine, run: RunRef) -> RunEnd | None:
    """How exactly this run ended, or None while it is open."""
    # Asked first: of an open run the engine answers the other question only after its 20 s, waiting or not.
    if state_of((await describe(engine, run)).workflow_execution_info) == "running":
        return None
    with translate_rpc_errors(run):
        response = await engine.client.workflow_service.get_workflow_execution_history(_last_event(engine, run))
    events = response.history.events
    return await read_end(engine, run, events[-1]) if events and is_terminal(events[-1]) else None


async def wait_for_run(engine: Engine, run: RunRef) -> RunEnd:
    """Wait for the end of exactly one run; one engine call when it ends within a second."""
    request = _last_event(engine, run)
    request.wait_new_event = True
    while True:
        with translate_rpc_errors(run):
            response = await _ask_beside(
                engine.client.workflow_service.get_workflow_execution_history(request, retry=True),
                lambda: find_end(engine, run),
            )
        if isinstance(response, RunEnd):
            return response
        if response.history.events:
            return await read_end(engine, run, response.history.events[-1])
        request.next_page_token = response.next_page_token


async def _ask_beside(poll: Coroutine[None, None, T], ask: Ask) -> T | RunEnd:
    """What a long poll answers, or an end that is found before it."""
    polling = asyncio.ensure_future(poll)
    try:
        for pause in ASK_AFTER:
            await asyncio.wait({polling}, timeout=pause)
            if polling.done():
                break
            end = await ask()
            if end is not None:
                return end
        return await polling
    finally:
        polling.cancel()
        polling.add_done_callback(_forget)


async def _bounded(wait: Ask, ask: Ask, within: timedelta | None) -> RunEnd:
    try:
        async with asyncio.timeout(None if within is None else within.total_seconds()):
            end = await wait()
    except TimeoutError:
        end = await ask()
    if end is None:
        raise TimeoutError
    return end


async def _follow(engine: Engine, run: RunRef, end_of: EndOf) -> RunEnd | None:
    while True:
        end = await end_of(engine, run)
        if end is None:
            return None
        successor = end.successor
        if successor is None and end.state == "terminated":
            successor = await _reset_of(engine, end.run)
        if successor is None:
            return end
        run = RunRef(run.workflow_id, successor)


async def _reset_of(engine: Engine, run: RunRef) -> str | None:
    """The run that a reset put in the place of a terminated one."""
    response = await describe(engine, run)
    return response.workflow_extended_info.reset_run_id or None


def _last_event(engine: Engine, run: RunRef) -> GetWorkflowExecutionHistoryRequest:
    return GetWorkflowExecutionHistoryRequest(
        namespace=engine.namespace,
        execution=execution_of(run),
        skip_archival=True,
        history_event_filter_type=HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
    )


def _forget(polling: asyncio.Future[T]) -> None:
    if not polling.cancelled():
        polling.exception()
