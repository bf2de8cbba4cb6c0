"""One run of a trace: what has begun, what has ended, and where it stands in the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import pydantic_core
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.converter import PayloadConverter

from output.engine.payloads.json import failure_json, values_json
from output.engine.traces.webhooks import Webhooks
from output.errors import RunRef
from output.tracing.locations import safe_name
from output.tracing.tree import Node, TraceTree
from output.tracing.values import error_json

_CUT_OFF = error_json("CancelledError", "The workflow ended before this did.")


@dataclass(slots=True)
class StepSpot:
    """Where a step stands in the tree; `own_place` is where the nodes of its latest attempt go."""

    place: int
    own_place: int
    node_id: str
    attempt: int
    scheduled_at: int
    ended_at: int | None
    last_failure: bytes | None = None


@dataclass(slots=True)
class Draft:
    """A step, child, timer or update that has begun; times in ms."""

    place: int
    id: str
    kind: str
    name: str
    begun_at: int
    input: bytes | None = None
    started_at: int | None = None
    activity_id: str = ""
    attempt: int = 1
    last_failure: bytes | None = None
    is_traced: bool = False
    attributes: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(slots=True)
class RunFacts:
    """What the run's own events tell; `input`, `output` and `error` are JSON, times in ms."""

    name: str = ""
    started_at: int = 0
    ended_at: int | None = None
    input: bytes | None = None
    output: bytes | None = None
    error: bytes | None = None
    trace: object = None
    original_run_id: str = ""
    successor: str | None = None
    attributes: dict[str, object] = field(default_factory=dict[str, object])

    def end(self, at: int, status: str, *, output: bytes | None = None, error: bytes | None = None) -> None:
        """Note how it ended."""
        self.ended_at, self.output, self.error = at, output, error
        self.attributes["status"] = status


@dataclass(frozen=True, slots=True)
class ChildRun:
    """An attached child, whose own events go to `place`."""

    place: int
    run: RunRef


class RunStory:
    """Fills the tree at and below `place` with one run; `finish` when there are no more events."""

    def __init__(self, tree: TraceTree, place: int, run: RunRef, converter: PayloadConverter) -> None:
        self.run = run
        self.run_id = cast("str", run.run_id)
        self.facts = RunFacts(original_run_id=self.run_id)
        self.facts.attributes |= {"workflowId": run.workflow_id, "runId": self.run_id, "status": "running"}
        self.open: dict[int, Draft] = {}
        self.spots: dict[str, StepSpot] = {}
        self.children: list[ChildRun] = []
        self.inherited: dict[str, frozenset[str]] = {}
        self.webhooks = Webhooks()
        self._tree, self._place, self._converter = tree, place, converter

    def begin(self, event: HistoryEvent, draft_id: str, kind: str, name: str, *, given: Payloads) -> Draft:
        """Something begins with this event."""
        at = milliseconds(event.event_time)
        place = self._tree.reserve(self._place, started_at=at)
        draft = Draft(place, f"{self.run_id}:{draft_id}", kind, name, at)
        draft.input = self.values(given, event) if given.payloads else None
        self.open[event.event_id] = draft
        return draft

    def close(self, event_id: int, at: int, *, output: bytes | None = None, error: bytes | None = None) -> None:
        """What began with that event has ended."""
        draft = self.open.pop(event_id, None)
        if draft is not None:
            self._put(draft, at, output, error)

    def values(self, payloads: Payloads, event: HistoryEvent) -> bytes:
        """JSON of an event's values."""
        path = f"/workflow/{self.run.workflow_id}/runs/{self.run_id}/history?includePayloads=true"
        return values_json(payloads, whole=f"{path} event {event.event_id}")

    def failure(self, failure: Failure) -> bytes:
        """JSON of an event's failure."""
        return failure_json(failure, self._converter)

    def finish(self, pending: Mapping[str, PendingActivityInfo], *, remarks: Mapping[str, object]) -> None:
        """Put what is still open, then the run itself, with `remarks` among its attributes."""
        facts = self.facts
        for draft in self.open.values():
            if draft.activity_id in pending:
                self._note(draft, pending[draft.activity_id])
            self._put(draft, facts.ended_at, None, _CUT_OFF if facts.ended_at is not None else None)
        self.open.clear()
        root = Node(
            id=self.run_id,
            kind="workflow",
            name=facts.name,
            started_at=facts.started_at,
            ended_at=facts.ended_at,
            input=facts.input,
            output=facts.output,
            error=facts.error,
            attributes=pydantic_core.to_json(facts.attributes | dict(remarks)),
        )
        self._tree.put(self._place, root)

    def _put(self, draft: Draft, at: int | None, output: bytes | None, error: bytes | None) -> None:
        is_first = draft.attempt == 1
        node = Node(
            id=draft.id,
            kind=draft.kind,
            name=draft.name,
            started_at=draft.started_at if draft.started_at is not None and is_first else draft.begun_at,
            ended_at=at,
            input=draft.input,
            output=output,
            error=error,
            attributes=pydantic_core.to_json(draft.attributes) if draft.attributes else None,
        )
        self._tree.put(draft.place, node)
        if draft.activity_id:
            self._spot(draft, at, output, error)

    def _spot(self, draft: Draft, at: int | None, output: bytes | None, error: bytes | None) -> None:
        own_place = draft.place
        if draft.attempt > 1:
            latest = Node(
                id=f"{draft.id}:{draft.attempt}",
                kind="attempt",
                name=f"attempt {draft.attempt}",
                started_at=draft.started_at or draft.begun_at,
                ended_at=at,
                output=output,
                error=error,
            )
            own_place = self._tree.add(draft.place, latest)
        self.spots[safe_name(draft.activity_id)] = StepSpot(
            draft.place, own_place, draft.id, draft.attempt, draft.begun_at, at, draft.last_failure
        )

    def _note(self, draft: Draft, pending: PendingActivityInfo) -> None:
        """What the engine says of a step that runs or waits for another attempt: histories tell only of ended ones."""
        draft.attempt = max(1, pending.attempt)
        if pending.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED:
            draft.started_at = milliseconds(pending.last_started_time)
        else:
            draft.attributes["waitsForWorker"] = True
            if pending.HasField("next_attempt_schedule_time"):
                draft.started_at = milliseconds(pending.next_attempt_schedule_time)
        if pending.HasField("last_failure"):
            draft.last_failure = self.failure(pending.last_failure)


def milliseconds(time: Timestamp) -> int:
    """A time of the engine's in ms since the epoch."""
    return time.ToMilliseconds()
