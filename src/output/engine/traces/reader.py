"""Reading a run's trace: the sealed one, else built from what there is, and sealed once the run is closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, ParamSpec, TypeVar, cast

from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse

from output.engine.connection import Engine
from output.engine.descriptions import describe, locations_of, state_of
from output.engine.traces.trace_builder import BuiltTrace, TraceBuilder, ask, pending_activities
from output.errors import TraceNotAvailableError, WorkflowNotCompletedError, WorkflowNotFoundError
from output.models.references import RunRef
from output.models.runs import TraceLocations
from output.tracing.stores.store import SealedTrace, Source, TraceStore, TraceStoreError
from output.tracing.tree import TraceTree

log = logging.getLogger("output.tracing")

P = ParamSpec("P")
R = TypeVar("R")
_CONCURRENT_BUILDS = 4  # bounds memory and disk
_STORE_SECONDS = 10.0
_SEAL_SECONDS = 3.0  # that a reader waits for a trace to be sealed; it goes on behind its back
_BLOCK = 256 * 1024
_SMALL_TREE = 1_000  # nodes that are written without leaving the event loop
_IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True)
class FoundTrace:
    """A trace that can be read once: `stream` its JSON from a thread, then `close` it."""

    source: Source
    run_id: str
    local_path: str | None
    content: SealedTrace | TraceTree

    def stream(self) -> Iterator[bytes]:
        """The JSON in chunks."""
        if isinstance(self.content, TraceTree):
            yield from self.content.stream()
            return
        while block := self.content.file.read(_BLOCK):
            yield block

    def close(self) -> None:
        """Let go of its file."""
        if isinstance(self.content, TraceTree):
            self.content.close()
        else:
            self.content.file.close()


@dataclass(frozen=True)
class _Traced:
    """A traced run: `locations` are its own, or of the run whose trace it is nested in."""

    run: RunRef
    run_id: str
    locations: TraceLocations
    is_nested: bool
    is_closed: bool
    description: DescribeWorkflowExecutionResponse

    @property
    def source(self) -> Source:
        return "remote" if self.locations.remote is not None else "local"


class TraceReader:
    """Reads and seals traces of one engine's runs, with the stores that this process has."""

    def __init__(self, engine: Engine, stores: Sequence[TraceStore]) -> None:
        self._engine = engine
        self._stores = list(stores)
        self._permits = asyncio.Semaphore(_CONCURRENT_BUILDS)
        self._sealing: set[asyncio.Task[bool]] = set()

    async def read(self, run: RunRef, *, partial: bool = False) -> FoundTrace:
        """The trace of a run; of an open one only with `partial`.

        Raises WorkflowNotFoundError, TraceNotAvailableError, WorkflowNotCompletedError, EngineNotAvailableError.
        """
        try:
            traced = await self._find(run)
        except WorkflowNotFoundError:
            found = await self._remember(run)
            if found is None:
                raise
            return found
        if not traced.is_closed and not partial:
            raise WorkflowNotCompletedError(traced.run)
        if traced.is_closed and not traced.is_nested:
            sealed = await self._open_sealed(traced)
            if sealed is not None:
                return sealed
        async with self._permits:
            built = await self._build(traced)
        local_path = traced.locations.local if traced.source == "local" else None
        if built.is_closed and built.open_child is None and not traced.is_nested:
            await self._seal_while_reading(traced.run, built)
        return FoundTrace(traced.source, traced.run_id, local_path, built.tree)

    async def seal(self, run: RunRef, *, known: TraceLocations | None = None) -> bool:
        """Store the trace of a closed run whole; whether all stores have it now.

        With its `known` locations it is first looked for. One call to the engine.
        Raises WorkflowNotFoundError, TraceNotAvailableError, WorkflowNotCompletedError, EngineNotAvailableError.
        """
        run_id = cast("str", run.run_id)
        if known is not None and await self._is_sealed(known, run_id):
            return True
        async with self._permits:
            built = await TraceBuilder(self._engine, self._stores).build(run, {})
        try:
            if not built.is_closed or built.open_child is not None:
                raise WorkflowNotCompletedError(built.open_child or run)
            if built.locations is None:
                raise TraceNotAvailableError(f"Workflow {run} ran without tracing.", run=run)
            return built.locations == TraceLocations() or await self._seal(run, built)
        finally:
            built.close()

    async def close(self) -> None:
        """Let sealing that is under way end."""
        await asyncio.gather(*self._sealing, return_exceptions=True)

    async def _find(self, run: RunRef) -> _Traced:
        response = await describe(self._engine, run)
        info = response.workflow_execution_info
        pinned = RunRef(info.execution.workflow_id, info.execution.run_id)
        locations = locations_of(info, self._engine)
        is_nested = locations == TraceLocations()
        if is_nested:
            root = RunRef(info.root_execution.workflow_id, info.root_execution.run_id)
            root_info = (await describe(self._engine, root)).workflow_execution_info
            locations = locations_of(root_info, self._engine)
        if locations is None:
            raise TraceNotAvailableError(
                f"Workflow {pinned} has no trace: tracing was off when it ran. "
                "Turn it on with OUTPUT_TRACE_LOCAL_ON=1 or OUTPUT_TRACE_REMOTE_ON=1, or run `output dev`.",
                run=pinned,
            )
        return _Traced(pinned, info.execution.run_id, locations, is_nested, state_of(info) != "running", response)

    async def _build(self, traced: _Traced) -> BuiltTrace:
        pending = pending_activities(traced.description.pending_activities)
        return await TraceBuilder(self._engine, self._stores).build(traced.run, pending)

    async def _open_sealed(self, traced: _Traced) -> FoundTrace | None:
        for store in self._stores:
            sealed = await self._ask(store, store.open_sealed, traced.locations, traced.run_id)
            if sealed is None:
                continue
            if await self._is_whole(store, sealed, traced.run_id):
                path = sealed.address if store.source == "local" else None
                return FoundTrace(store.source, traced.run_id, _reported(path, traced.locations), sealed)
            sealed.file.close()
        return None

    async def _is_sealed(self, locations: TraceLocations, run_id: str) -> bool:
        for store in self._meant(locations):
            sealed = await self._ask(store, store.open_sealed, locations, run_id)
            if sealed is None:
                return False
            sealed.file.close()
            if not await self._is_whole(store, sealed, run_id):
                return False
        return True

    async def _is_whole(self, store: TraceStore, sealed: SealedTrace, run_id: str) -> bool:
        """Whether no step wrote anything after the trace was sealed."""
        size = await self._ask(store, store.measure_parts, run_id)
        return not size or size == sealed.recorded

    async def _remember(self, run: RunRef) -> FoundTrace | None:
        """The sealed trace of a run that the engine has forgotten."""
        for store in self._stores:
            sealed = await self._ask(store, store.find_by_id, run.workflow_id, run.run_id)
            if sealed is not None:
                path = sealed.address if store.source == "local" else None
                return FoundTrace(store.source, sealed.run_id, path, sealed)
        return None

    async def _seal_while_reading(self, run: RunRef, built: BuiltTrace) -> None:
        task = asyncio.create_task(self._seal(run, built))
        self._sealing.add(task)
        task.add_done_callback(self._sealing.discard)
        await asyncio.wait({task}, timeout=_SEAL_SECONDS)

    async def _seal(self, run: RunRef, built: BuiltTrace) -> bool:
        """Store what was built; False when a store did not take it or the trace is not complete."""
        if not built.is_complete or built.locations is None:
            return False
        content = await _spool(built.tree)
        is_sealed = True
        with content:
            for store in self._meant(built.locations):
                recorded = built.recorded.get(store.source, {})
                try:
                    await ask(store, store.seal, built.locations, cast("str", run.run_id), content, recorded=recorded)
                except TraceStoreError as error:
                    is_sealed = False
                    log.warning("the trace of %s is not in the %s store yet: %s", run, store.source, error)
        return is_sealed

    def _meant(self, locations: TraceLocations) -> Iterator[TraceStore]:
        for store in self._stores:
            if (locations.remote if store.source == "remote" else locations.local) is not None:
                yield store

    async def _ask(self, store: TraceStore, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """The store's answer, None when it gives none."""
        try:
            async with asyncio.timeout(_STORE_SECONDS):
                return await ask(store, question, *args, **kwargs)
        except (TraceStoreError, TimeoutError) as error:
            log.warning("the %s trace store does not answer: %s", store.source, error)
            return None


def _reported(path: str | None, locations: TraceLocations) -> str | None:
    """The path as the memo reports it, which may be another machine's view of the file."""
    if path is None or locations.local is None:
        return path
    name = Path(path).name
    return locations.local if Path(locations.local).name == name else str(Path(locations.local).with_name(name))


async def _spool(tree: TraceTree) -> BinaryIO:
    content = cast("BinaryIO", SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 — closed by the caller
    if len(tree) <= _SMALL_TREE:
        _fill(content, tree)
    else:
        await asyncio.to_thread(_fill, content, tree)
    return content


def _fill(content: BinaryIO, tree: TraceTree) -> None:
    content.writelines(tree.stream())
    content.seek(0)
