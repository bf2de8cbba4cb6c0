"""The whole trace of a run: its events, those of its attached children, and the side records of all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar, cast

from temporalio.api.workflow.v1 import PendingActivityInfo

from output.engine.connection import Engine
from output.engine.descriptions import describe
from output.engine.event_log import read_events
from output.engine.traces import child_events, quick_events, run_events, step_events, wait_events
from output.engine.traces.attempt_records import PartsOfRun
from output.engine.traces.handlers import Handle
from output.engine.traces.run_builder import ChildRun, RunTraceBuilder, milliseconds
from output.errors import OutputError
from output.models.references import RunRef
from output.models.runs import TraceLocations
from output.tracing.attempt_records import PartKey
from output.tracing.locations import of_run
from output.tracing.stores.store import Source, StoredPart, TraceStore, TraceStoreError
from output.tracing.tree import TraceTree

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("output.tracing")

_HANDLERS: Mapping[int, Handle] = {
    **run_events.HANDLERS,
    **step_events.HANDLERS,
    **quick_events.HANDLERS,
    **child_events.HANDLERS,
    **wait_events.HANDLERS,
}
_CONCURRENT_CHILDREN = 8
_CONCURRENT_PARTS = 16
_BREATH = 200  # events that are told without a pause
_SMALL = 64 * 1024  # bytes that are read without leaving the event loop
_STORE_SECONDS = 10.0
_MAX_CHAIN = 1_000


@dataclass
class BuiltTrace:
    """A tree, how many bytes of parts of each run went into it by store, and whether a store kept some back.

    `locations` are where it belongs: None for a run without a trace of its own, empty for one nested in its parent's.
    Attached children of a run that has ended may take a moment to end too; until then there is an `open_child`.
    """

    tree: TraceTree
    recorded: dict[Source, dict[str, int]] = field(default_factory=dict[Source, dict[str, int]])
    is_complete: bool = True
    locations: TraceLocations | None = None
    is_closed: bool = False
    open_child: RunRef | None = None

    def close(self) -> None:
        self.tree.close()


class TraceBuilder:
    """Builds one trace; a builder is used once."""

    def __init__(self, engine: Engine, stores: Sequence[TraceStore]) -> None:
        self._engine = engine
        self._stores = list(stores)
        self._built = BuiltTrace(TraceTree())
        self._permits = asyncio.Semaphore(_CONCURRENT_CHILDREN)

    async def build(self, run: RunRef, pending: Mapping[str, PendingActivityInfo]) -> BuiltTrace:
        """The trace of a pinned run as far as it has come.

        Raises WorkflowNotFoundError, EngineNotAvailableError; a store that does not answer only makes it incomplete.
        """
        try:
            place = self._built.tree.reserve(None, started_at=0)
            builder = await self._report(run, place, pending)
            self._built.locations = _own_locations(builder)
            self._built.is_closed = builder.facts.ended_at is not None
            await self._report_children(builder.children, parent=place)
        except BaseException:
            self._built.close()
            raise
        return self._built

    async def _report(self, run: RunRef, place: int, pending: Mapping[str, PendingActivityInfo]) -> RunTraceBuilder:
        tree = self._built.tree
        builder = RunTraceBuilder(tree, place, run, self._engine.data_converter.payload_converter)
        async for event in read_events(self._engine, run):
            if event.event_id % _BREATH == 0:
                await asyncio.sleep(0)  # others wait for this loop too
            handle = _HANDLERS.get(event.event_type)
            if handle is not None:
                handle(builder, event, milliseconds(event.event_time))
        builder.finish(pending, remarks={})
        await self._attach_parts(builder)
        if not self._built.is_complete:
            builder.finish(
                {}, remarks={"incomplete": "A trace store did not answer; calls inside steps may be missing."}
            )
        return builder

    async def _report_children(self, children: Sequence[ChildRun], *, parent: int) -> None:
        await asyncio.gather(*(self._report_child(child, parent=parent) for child in children))

    async def _report_child(self, child: ChildRun, *, parent: int) -> None:
        """A child and the runs that follow it in its chain, each a sibling of the one before."""
        place, run = child.place, child.run
        for _ in range(_MAX_CHAIN):
            async with self._permits:
                builder = await self._report_child_run(run, place)
            if builder is None:
                return
            await self._report_children(builder.children, parent=place)
            if builder.facts.ended_at is None:
                self._built.open_child = run
            if builder.facts.successor is None:
                return
            run = RunRef(run.workflow_id, builder.facts.successor)
            place = self._built.tree.reserve(parent, started_at=builder.facts.ended_at or 0)

    async def _report_child_run(self, run: RunRef, place: int) -> RunTraceBuilder | None:
        """None where the parent's own events have to do: the child is gone."""
        try:
            if self._built.is_closed:
                return await self._report(run, place, {})
            description = await describe(self._engine, run)
            return await self._report(run, place, pending_activities(description.pending_activities))
        except OutputError as error:
            log.debug("the child %s is told by its parent's events alone: %s", run, error)
            return None

    async def _attach_parts(self, builder: RunTraceBuilder) -> None:
        if not self._stores or not (builder.positions or builder.inherited):
            return
        attached = PartsOfRun(builder, self._built.tree)
        for run_id in (builder.run_id, *builder.inherited):
            known = builder.inherited.get(run_id)
            wanted = [
                (store, part)
                for store, part in await self._list_parts(run_id)
                if attached.is_wanted(part.key) and (known is None or part.key.step in known)
            ]
            # Fetched side by side, some at a time: they may be open files.
            for at in range(0, len(wanted), _CONCURRENT_PARTS):
                batch = wanted[at : at + _CONCURRENT_PARTS]
                await asyncio.gather(*(self._attach(attached, part, store) for store, part in batch))
        attached.finish()

    async def _attach(self, attached: PartsOfRun, part: StoredPart, store: TraceStore) -> None:
        try:
            async with asyncio.timeout(_STORE_SECONDS):
                content = await ask(store, store.open_part, part)
        except (TraceStoreError, TimeoutError) as error:
            self._keep_going(store, error)
            return
        with content:
            if part.size > _SMALL:
                await asyncio.to_thread(attached.attach, part.key, content)
            else:
                attached.attach(part.key, content)

    async def _list_parts(self, run_id: str) -> Sequence[tuple[TraceStore, StoredPart]]:
        """The fullest copy of each part."""
        fullest: dict[PartKey, tuple[TraceStore, StoredPart]] = {}
        for store in self._stores:
            try:
                async with asyncio.timeout(_STORE_SECONDS):
                    parts = await ask(store, store.list_parts, run_id)
            except (TraceStoreError, TimeoutError) as error:
                self._keep_going(store, error)
                continue
            if parts:
                sizes = self._built.recorded.setdefault(store.source, {})
                sizes[run_id] = sum(part.size for part in parts)
            for part in parts:
                known = fullest.get(part.key)
                if known is None or known[1].size < part.size:
                    fullest[part.key] = (store, part)
        return list(fullest.values())

    def _keep_going(self, store: TraceStore, error: Exception) -> None:
        self._built.is_complete = False
        log.warning("the %s trace store does not tell what happened inside steps: %s", store.source, error)


async def ask(store: TraceStore, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The answer of a store: from a thread where it comes over a network; a file is quicker than the way there."""
    if store.source == "local":
        return question(*args, **kwargs)
    return await asyncio.to_thread(question, *args, **kwargs)


def _own_locations(builder: RunTraceBuilder) -> TraceLocations | None:
    trace = builder.facts.trace
    if not isinstance(trace, Mapping):
        return None
    locations = TraceLocations.model_validate(cast("Mapping[str, object]", trace))
    if locations == TraceLocations() or builder.facts.original_run_id == builder.run_id:
        return locations
    return of_run(locations, builder.run_id)  # a reset has the memo of the run that it replaces


def pending_activities(pending: Sequence[PendingActivityInfo]) -> dict[str, PendingActivityInfo]:
    """What the engine says of steps that have not ended, by activity ID."""
    return {info.activity_id: info for info in pending}
