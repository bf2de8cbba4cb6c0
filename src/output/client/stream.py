"""A run's history as it happens: each event once, whatever happens to the connection."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
from httpx_sse import EventSource, ServerSentEvent
from pydantic import TypeAdapter

from output.client import routes
from output.client.httpx_transport import Transport, describe, head, read
from output.client.request import NoResponse, Outcome, Response
from output.client.retry import accept, is_of_type, next_pause
from output.errors import OutputError, UnexpectedResponseError
from output.models.history import HistoryEvent, StreamDone, StreamOpened
from output.models.references import RunRef

StreamEvent = StreamOpened | HistoryEvent | StreamDone

_EVENTS = TypeAdapter(list[HistoryEvent])
# The server sends a comment every 15 s; three missed in a row mean that nobody is there.
_SILENCE = timedelta(seconds=45)
# Statuses of faults that pass: the stream is opened again.
_PASSING = frozenset({429, 503})
# A server's `retry:` is kept up to here: it is a number that anything in between may have written.
_LONGEST_RETRY_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOptions:
    """What a stream carries: payloads, the runs that follow its run, and the events after one already known."""

    include_payloads: bool = False
    follow_runs: bool = False
    after: int | None = None


@dataclass(slots=True)
class _Position:
    """How far one run has been read; `failures` counts broken connections since something new came.

    `retry` is the pause that the server asked for before a broken stream is opened again.
    """

    ref: RunRef
    after: int | None
    opened: bool = False
    from_start: bool = False
    failures: int = 0
    retry: timedelta = timedelta()


async def follow(transport: Transport, ref: RunRef, options: StreamOptions) -> AsyncGenerator[StreamEvent, None]:
    """The events of a run until its end, across dropped connections, and of the runs that follow it if asked.

    Raises: what the server raised; ServerNotReachableError when the client's retries are used up and nothing new came.
    """
    position = _Position(ref, options.after)
    while True:
        end: StreamDone | None = None
        async with aclosing(_connect(transport, position, include_payloads=options.include_payloads)) as events:
            async for event in events:
                yield event
                if isinstance(event, StreamDone):
                    end = event
        if end is None:
            continue
        if not options.follow_runs or end.new_run_id is None:
            return
        position = _Position(RunRef(ref.workflow_id, end.new_run_id), None)


async def _connect(
    transport: Transport, position: _Position, *, include_payloads: bool
) -> AsyncGenerator[StreamEvent, None]:
    """Events of one connection; returns when it breaks, after a pause that grows while nothing new comes."""
    last_event_id = None if position.from_start else position.after
    request = routes.stream(position.ref, include_payloads=include_payloads, last_event_id=last_event_id)
    outcome: Outcome
    opened_at = time.monotonic()
    async with transport.open(request, silence=_SILENCE) as response:
        if isinstance(response, NoResponse):
            outcome = response
        elif response.status_code == 200 and is_of_type(head(response), "text/event-stream"):
            try:
                async with aclosing(EventSource(response).aiter_sse()) as events:
                    async for event in events:
                        for each in _interpret(event, position):
                            yield each
                            if isinstance(each, StreamDone):
                                return
                outcome = NoResponse("the connection was closed", sent=True)
            except httpx.TransportError as error:
                outcome = NoResponse(describe(error), sent=True)
        else:
            await response.aread()
            outcome = read(response)
    if isinstance(outcome, Response) and outcome.status == 204 and not position.from_start:
        # The run is over and all its events are known, but not its `done`: that comes after the events only.
        position.from_start = True
        return
    # A connection that lived was a good one, even if the run was silent.
    lived = time.monotonic() - opened_at > transport.retries.longest_pause.total_seconds()
    position.failures = 1 if lived else position.failures + 1
    pause = next_pause(request, outcome, attempt=position.failures, retries=transport.retries)
    if pause is None:
        response = accept(outcome, server=transport.server)
        raise UnexpectedResponseError(transport.server.url, response_status=response.status)
    await asyncio.sleep(max(pause, position.retry).total_seconds())


def _interpret(event: ServerSentEvent, position: _Position) -> Sequence[StreamEvent]:
    """What a reader sees of an event; the position moves on with it."""
    if event.retry is not None:
        position.retry = timedelta(milliseconds=min(event.retry, _LONGEST_RETRY_MS))
    if not event.data:
        return []
    if event.event == "workflow":
        opening = StreamOpened.model_validate_json(event.data)
        position.ref = replace(position.ref, run_id=opening.run_id)
        seen, position.opened = position.opened, True
        return [] if seen else [opening]
    if event.event == "history":
        return _new_events(event, position)
    if event.event == "done":
        return [StreamDone.model_validate_json(event.data)]
    if event.event == "server_error":
        error = OutputError.from_body(json.loads(event.data))
        if error.status not in _PASSING:
            raise error
    return []


def _new_events(event: ServerSentEvent, position: _Position) -> Sequence[HistoryEvent]:
    known = position.after or 0
    fresh = [each for each in _EVENTS.validate_json(event.data) if int(each.event_id) > known]
    if fresh:
        position.after = int(fresh[-1].event_id)
        position.failures = 0
    return fresh
