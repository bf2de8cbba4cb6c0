"""The workflow that keeps one step's limits: workers ask it for slots and for starts, and it forgets who is silent."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, TypeAdapter
from temporalio import workflow
from temporalio.common import RawValue

from output.engine.payloads.converter import Encoded, payload_json

LIMIT_WORKFLOW = "$limit"
LEASE = 15.0  # seconds; a worker that says nothing for so long has no slots any more
HORIZON = 1.0  # seconds ahead for which starts are given out
_TENURE = 2.0  # seconds that a worker keeps a slot busy while others have none
_IDLE = timedelta(seconds=60)
_UPDATES = 500  # the engine takes 2,000 of a run


class Demand(BaseModel):
    """What a worker has and wants of one key: attempts that run, attempts that wait, starts that it lacks."""

    model_config = ConfigDict(frozen=True)
    running: int
    waiting: int
    starts: int


class SyncRequest(BaseModel):
    """One worker's word."""

    model_config = ConfigDict(frozen=True)
    holder: str
    concurrency: int | None
    interval: float | None
    demands: dict[str, Demand]


class Grant(BaseModel):
    """How many attempts of a key a worker may run, and in how many seconds it may start the next ones."""

    slots: int
    starts: list[float]


@dataclass
class _Held:
    slots: int = 0
    unmet: int = 0
    since: float = 0.0
    until: float = 0.0


@dataclass
class _Key:
    held: dict[str, _Held] = field(default_factory=dict[str, _Held])
    next_start: float = 0.0


class LimitState:
    """Who has which slots, and when the next start is free; times are seconds of one clock."""

    def __init__(self) -> None:
        self.keys: dict[str, _Key] = {}

    def sync(self, request: SyncRequest, now: float) -> dict[str, Grant]:
        """Take a worker's word for what it has, and grant what is free."""
        for name, key in list(self.keys.items()):
            key.held = {holder: held for holder, held in key.held.items() if held.until > now}
            if request.holder in key.held and name not in request.demands:
                del key.held[request.holder]
            if not key.held and key.next_start <= now:
                del self.keys[name]
        return {name: self._grant(name, demand, request, now) for name, demand in request.demands.items()}

    def _grant(self, name: str, demand: Demand, request: SyncRequest, now: float) -> Grant:
        key = self.keys.setdefault(name, _Key())
        held = key.held.setdefault(request.holder, _Held(since=now))
        wanted = demand.running + demand.waiting
        slots = wanted
        if request.concurrency is not None:
            slots = self._slots(key, held, demand, request.concurrency, now)
        if not slots or not held.slots:
            held.since = now
        held.slots, held.unmet, held.until = slots, wanted - slots, now + LEASE
        starts: list[float] = []
        if request.interval is not None:
            at = max(now, key.next_start)
            while len(starts) < demand.starts and at <= now + HORIZON:
                starts.append(at - now)
                at += request.interval
            if starts:
                key.next_start = at
        return Grant(slots=slots, starts=starts)

    @staticmethod
    def _slots(key: _Key, held: _Held, demand: Demand, limit: int, now: float) -> int:
        others = [other for other in key.held.values() if other is not held]
        starving = [other for other in others if other.unmet]
        free = limit - sum(other.slots for other in others)
        wanted = demand.running + demand.waiting
        if starving:
            wanted = min(wanted, math.ceil(limit / (len(starving) + 1)))
            if held.slots and any(not other.slots for other in starving) and now - held.since > _TENURE:
                wanted = 0
        return max(demand.running, min(wanted, free))

    def dump(self) -> bytes:
        """Itself for the next run."""
        return _KEYS.dump_json(self.keys)

    @staticmethod
    def load(data: bytes) -> LimitState:
        """What a run before has left."""
        state = LimitState()
        state.keys = _KEYS.validate_json(data)
        return state


_KEYS = TypeAdapter(dict[str, _Key])
GRANTS = TypeAdapter(dict[str, Grant])


@workflow.defn(name=LIMIT_WORKFLOW, sandboxed=False)
class LimitWorkflow:
    """One for each limited step of a catalog; it ends when nobody has asked for a minute."""

    @workflow.init
    def __init__(self, state: RawValue) -> None:
        self._state = LimitState.load(payload_json(state.payload))
        self._updates = 0

    @workflow.run
    async def run(self, state: RawValue) -> None:
        """Keep the limits until nobody asks, in runs of some hundred questions."""
        del state
        while self._updates < _UPDATES:
            seen = self._updates
            try:
                await workflow.wait_condition(
                    lambda seen=seen: self._updates >= min(seen + 50, _UPDATES), timeout=_IDLE
                )
            except TimeoutError:
                if self._updates == seen:
                    return
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(args=[Encoded(self._state.dump())])

    @workflow.update(name="sync")
    def sync(self, request: RawValue) -> Encoded:
        """Grants for one worker."""
        self._updates += 1
        asked = SyncRequest.model_validate_json(payload_json(request.payload))
        granted = self._state.sync(asked, workflow.now().timestamp())
        return Encoded(GRANTS.dump_json(granted))
