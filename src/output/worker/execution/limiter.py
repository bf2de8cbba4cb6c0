"""A worker's side of limits: attempts wait here until the step's limit workflow has granted them a slot and a start."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import RawValue, WorkflowIDConflictPolicy

from output.authoring.limits import StepLimit
from output.engine.payloads.converter import Encoded, payload_json
from output.worker.execution.limit_workflow import GRANTS, LEASE, LIMIT_WORKFLOW, Demand, Grant, SyncRequest

log = structlog.get_logger("output.worker")
_SAFE_LEASE = LEASE - 3  # seconds after which a worker without an answer starts nothing more
_SHORTEST, _WAITING, _RENEWING = 0.1, 0.5, 3.0  # seconds between two words to the workflow
_TIMEOUT = 8.0


@dataclass
class _KeyState:
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque[asyncio.Future[None]])
    running: int = 0
    slots: int = 0
    starts: deque[float] = field(default_factory=deque[float])


class StepLimiter:
    """One limited step on one worker."""

    def __init__(self, client: Client, catalog: str, step: str, limit: StepLimit) -> None:
        self._client, self._catalog, self._step, self._limit = client, catalog, step, limit
        self._holder = uuid.uuid4().hex
        self._keys: dict[str, _KeyState] = {}
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._leased_until = 0.0
        self._is_asking = False
        self._loop = asyncio.get_running_loop()

    @asynccontextmanager
    async def permit(self, key: str) -> AsyncGenerator[None]:
        """Wait for a slot and a start, and hold the slot while the context lasts."""
        state = self._keys.setdefault(key, _KeyState())
        turn: asyncio.Future[None] = self._loop.create_future()
        state.waiting.append(turn)
        self._wake()
        self._pump()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._end(state)
            else:
                state.waiting.remove(turn)
            raise
        try:
            yield
        finally:
            self._end(state)

    async def close(self) -> None:
        """Give everything back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _end(self, state: _KeyState) -> None:
        state.running -= 1
        self._pump()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep())

    def _pump(self) -> None:
        """Let go whom the grants allow; not while the workflow is asked, which was told how many run."""
        if self._is_asking or self._loop.time() > self._leased_until:
            return
        for state in self._keys.values():
            while state.waiting and state.running < state.slots:
                if self._limit.rate is not None:
                    if not state.starts:
                        break
                    if state.starts[0] > self._loop.time():
                        self._loop.call_at(state.starts[0], self._pump)
                        break
                    state.starts.popleft()
                state.running += 1
                state.waiting.popleft().set_result(None)

    async def _keep(self) -> None:
        while self._keys:
            self._changed.clear()
            try:
                await self._sync()
            except Exception as error:  # noqa: BLE001 — the engine is away, or the workflow was just about to end
                log.debug("limits are not kept up to date", step=self._step, reason=str(error))
            self._pump()
            pause = _SHORTEST
            if not self._changed.is_set():
                is_waiting = any(state.waiting for state in self._keys.values())
                pause = (_WAITING if is_waiting else _RENEWING) * random.uniform(0.8, 1.0)
            await asyncio.sleep(_SHORTEST)
            try:
                await asyncio.wait_for(self._changed.wait(), pause)
            except TimeoutError:
                continue

    async def _sync(self) -> None:
        asked = self._loop.time()
        self._is_asking = True
        try:
            demands = {
                name: self._demand(state) for name, state in self._keys.items() if state.waiting or state.running
            }
            granted = await asyncio.wait_for(self._ask(demands), _TIMEOUT)
        finally:
            self._is_asking = False
        self._leased_until = asked + _SAFE_LEASE
        now = self._loop.time()
        for name, state in list(self._keys.items()):
            grant = granted.get(name)
            state.slots = grant.slots if grant is not None else 0
            state.starts.extend(now + delay for delay in (grant.starts if grant is not None else ()))
            if grant is None and not state.waiting and not state.running:
                del self._keys[name]

    def _demand(self, state: _KeyState) -> Demand:
        starts = 0
        if self._limit.rate is not None:
            free = len(state.waiting)
            if self._limit.concurrency is not None:
                free = min(free, max(1, state.slots - state.running))
            starts = max(0, free - len(state.starts))
        return Demand(running=state.running, waiting=len(state.waiting), starts=starts)

    async def _ask(self, demands: dict[str, Demand]) -> dict[str, Grant]:
        limit = self._limit
        interval = limit.rate.interval if limit.rate is not None else None
        request = SyncRequest(holder=self._holder, concurrency=limit.concurrency, interval=interval, demands=demands)
        start: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
            LIMIT_WORKFLOW,
            Encoded(b"{}"),
            id=f"{LIMIT_WORKFLOW}:{self._catalog}:{self._step}",
            task_queue=self._catalog,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        result: object = await self._client.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType] — the SDK's
            "sync",
            Encoded(request.model_dump_json().encode()),
            start_workflow_operation=start,
            result_type=RawValue,
        )
        assert isinstance(result, RawValue)
        return GRANTS.validate_json(payload_json(result.payload))


class Limiters:
    """The limited steps of one worker."""

    def __init__(self, client: Client, catalog: str) -> None:
        self._client, self._catalog = client, catalog
        self._steps: dict[str, StepLimiter] = {}

    def of(self, step: str, limit: StepLimit) -> StepLimiter:
        """The step's limiter, opened when it is first needed."""
        if step not in self._steps:
            self._steps[step] = StepLimiter(self._client, self._catalog, step, limit)
        return self._steps[step]

    async def close(self) -> None:
        """Stop asking; what this worker held is free when its lease is over."""
        for limiter in self._steps.values():
            await limiter.close()
