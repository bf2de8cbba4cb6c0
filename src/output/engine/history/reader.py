"""Reading a run's events from the engine: read ahead, shared by concurrent readers, kept for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import cast

from cachetools import LRUCache
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryRequest,
    GetWorkflowExecutionHistoryResponse,
)
from temporalio.service import RPCError

from output.engine.connection import Engine
from output.engine.descriptions import describe, state_of
from output.engine.event_log import execution_of
from output.engine.payloads.carrier import SHOWN_WHOLE
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.models.history import HistoryRun
from output.models.references import RunRef
from output.process.single_flight import SingleFlight

# The engine ends a long poll this long before the caller's deadline, and at once when there is less left.
POLL_MARGIN = timedelta(seconds=1)
_ENGINE_PAGE = 256  # batches; the engine's own maximum
_TOO_LARGE = "message length too large"  # said by our side of the connection, which bounds answers
_LARGE_PAGE = 4 * 1024 * 1024  # bytes; what is larger is asked for in smaller pages
_WHOLE_PAGE = 16  # batches, of which one event is wanted
_SIZES_KEPT = 1_000
_CACHE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class EnginePage:
    """Events in order and the engine's token for what follows; `size` in bytes."""

    events: Sequence[HistoryEvent]
    next_token: bytes
    size: int

    @property
    def last_id(self) -> int:
        """The last event's ID, 0 without events."""
        return self.events[-1].event_id if self.events else 0

    def index_after(self, event_id: int) -> int:
        """Where the events after an ID begin: IDs have no gaps."""
        if not self.events:
            return 0
        return min(max(0, event_id + 1 - self.events[0].event_id), len(self.events))


@dataclass(frozen=True, slots=True)
class PinnedRun:
    """One run as it was described; `ref.run_id` is known, `followed_by` is the run that a reset made."""

    ref: RunRef
    summary: HistoryRun
    followed_by: str | None

    @property
    def is_closed(self) -> bool:
        return self.summary.status != "running"


class HistoryReader:
    """Reads pages of all runs; what was read stays true, since a history only grows."""

    def __init__(self, engine: Engine, *, cache_bytes: int = _CACHE_BYTES) -> None:
        self._engine = engine
        self._pages = LRUCache[tuple[str, bytes], EnginePage](cache_bytes, getsizeof=_size_of)
        self._flight = SingleFlight[tuple[str, bytes], EnginePage]()
        self._sizes = LRUCache[str, int](_SIZES_KEPT)

    async def pin(self, run: RunRef) -> PinnedRun:
        """How a run stands now, under its run ID.

        Raises WorkflowNotFoundError, EngineNotAvailableError.
        """
        return _pinned(await describe(self._engine, run))

    async def read(self, run: RunRef, token: bytes, *, known: int) -> EnginePage:
        """The page behind a token, of which an event is known to exist; the next one is read ahead.

        Events up to `known` are there already. Raises WorkflowNotFoundError, EngineNotAvailableError, EngineBusyError.
        """
        page = await self._shared(run, token)
        if page.next_token and page.last_id < known:
            self._read_ahead(run, page.next_token)
        return page

    async def poll(self, run: RunRef, token: bytes, *, wait: timedelta) -> EnginePage:
        """The next events behind the token of the last page, or none when none comes in time."""
        return await self._fetch(run, token, timeout=wait + POLL_MARGIN, retry=False)

    async def read_whole(self, run: RunRef, token: bytes, event_id: int) -> HistoryEvent:
        """An event of the page behind a token, with large values too; it is not kept.

        Raises what `read` raises, and PayloadStoreNotAvailableError.
        """
        while True:
            response = await self._request(run, token, size=_WHOLE_PAGE, timeout=RPC_TIMEOUT, retry=True)
            event = next((each for each in response.history.events if each.event_id == event_id), None)
            if event is not None:
                break
            token = response.next_page_token
        await self._engine.values.open(event)
        return event

    async def close(self) -> None:
        """End what is being read ahead."""
        await self._flight.close()
        self._pages.clear()

    async def _shared(self, run: RunRef, token: bytes) -> EnginePage:
        key = (cast("str", run.run_id), token)
        page = self._pages.get(key)
        return page or await self._flight.share(key, lambda: self._load(run, token))

    def _read_ahead(self, run: RunRef, token: bytes) -> None:
        key = (cast("str", run.run_id), token)
        if key not in self._pages:
            self._flight.begin(key, lambda: self._load(run, token))

    async def _load(self, run: RunRef, token: bytes) -> EnginePage:
        page = await self._fetch(run, token, timeout=RPC_TIMEOUT, retry=True)
        # One page must not push all others out.
        if page.events and page.size < self._pages.maxsize // 4:
            self._pages[cast("str", run.run_id), token] = page
        return page

    async def _fetch(self, run: RunRef, token: bytes, *, timeout: timedelta, retry: bool) -> EnginePage:
        run_id = cast("str", run.run_id)
        size = self._sizes.get(run_id, _ENGINE_PAGE)
        while True:
            try:
                page = await self._ask(run, token, size=size, timeout=timeout, retry=retry)
            except RPCError as error:
                if _TOO_LARGE not in error.message or size == 1:
                    raise
                size = max(1, size // 8)
                self._sizes[run_id] = size  # this run's events are large
                continue
            if page.size > _LARGE_PAGE:
                self._sizes[run_id] = max(1, size * _LARGE_PAGE // page.size)
            return page

    async def _ask(self, run: RunRef, token: bytes, *, size: int, timeout: timedelta, retry: bool) -> EnginePage:
        response = await self._request(run, token, size=size, timeout=timeout, retry=retry)
        await self._engine.values.open(response, up_to=SHOWN_WHOLE)
        return EnginePage(response.history.events, response.next_page_token, response.ByteSize())

    async def _request(
        self, run: RunRef, token: bytes, *, size: int, timeout: timedelta, retry: bool
    ) -> GetWorkflowExecutionHistoryResponse:
        # Always as a long poll: otherwise the engine gives no token at the end, and reads the last page
        # again for the token of a long poll.
        request = GetWorkflowExecutionHistoryRequest(
            namespace=self._engine.namespace,
            execution=execution_of(run),
            next_page_token=token,
            wait_new_event=True,
            skip_archival=True,
            maximum_page_size=size,
        )
        with translate_rpc_errors(run):
            return await self._engine.client.workflow_service.get_workflow_execution_history(
                request, retry=retry, timeout=timeout
            )


def _size_of(page: EnginePage) -> int:
    return page.size


def _pinned(response: DescribeWorkflowExecutionResponse) -> PinnedRun:
    info = response.workflow_execution_info
    summary = HistoryRun(
        workflow_id=info.execution.workflow_id,
        run_id=info.execution.run_id,
        status=state_of(info),
        start_time=info.start_time.ToDatetime(UTC),
        close_time=info.close_time.ToDatetime(UTC) if info.HasField("close_time") else None,
        history_length=info.history_length,
        task_queue=info.task_queue,
    )
    followed_by = response.workflow_extended_info.reset_run_id or None
    return PinnedRun(RunRef(summary.workflow_id, summary.run_id), summary, followed_by)
