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
from output.engine.traces.webhooks import AskedQuestion, Webhooks
from output.models.references import RunRef
from output.tracing.locations import safe_name
from output.tracing.tree import Node, TraceTree
from output.tracing.values import error_json

_CUT_OFF = error_json("CancelledError", "The workflow ended before this did.")


@dataclass(slots=True)
class StepPosition:
    """Where a step stands in the tree; `own_place` is where the nodes of its latest attempt go."""

    place: int
    own_place: int
    node_id: str
    attempt: int
    scheduled_at: int
    ended_at: int | None
    last_failure: bytes | None = None


@dataclass(slots=True)
class OpenNode:
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


class RunTraceBuilder:
    """Fills the tree at and below `place` with one run; `finish` when there are no more events."""

    def __init__(self, tree: TraceTree, place: int, run: RunRef, converter: PayloadConverter) -> None:
        self.run = run
        self.run_id = cast("str", run.run_id)
        self.facts = RunFacts(original_run_id=self.run_id)
        self.facts.attributes |= {"workflowId": run.workflow_id, "runId": self.run_id, "status": "running"}
        self.open: dict[int, OpenNode] = {}
        self.positions: dict[str, StepPosition] = {}
        self.children: list[ChildRun] = []
        self.inherited: dict[str, frozenset[str]] = {}
        self.webhooks = Webhooks()
        self.questions: dict[str, AskedQuestion] = {}
        # Quick steps between two attempts, and how many of the engine's timers are such pauses.
        self.paused: dict[str, OpenNode] = {}
        self.retry_pauses = 0
        self._tree, self._place, self._converter = tree, place, converter

    def begin(
        self, event: HistoryEvent, open_node_id: str, kind: str, name: str, *, given: Payloads, at: int | None = None
    ) -> OpenNode:
        """Something begins with this event, or is told by it to have begun `at` another time."""
        at = milliseconds(event.event_time) if at is None else at
        place = self._tree.reserve(self._place, started_at=at)
        open_node = OpenNode(place, f"{self.run_id}:{open_node_id}", kind, name, at)
        open_node.input = self.values(given, event) if given.payloads else None
        self.open[event.event_id] = open_node
        return open_node

    def close(self, event_id: int, at: int, *, output: bytes | None = None, error: bytes | None = None) -> None:
        """What began with that event has ended."""
        open_node = self.open.pop(event_id, None)
        if open_node is not None:
            self._put(open_node, at, output, error)

    def end(self, open_node: OpenNode, at: int, *, output: bytes | None, error: bytes | None) -> None:
        """Something has ended that no later event refers to."""
        self._put(open_node, at, output, error)

    def values(self, payloads: Payloads, event: HistoryEvent) -> bytes:
        """JSON of an event's values."""
        return values_json(payloads, whole=self.whole(event))

    def whole(self, event: HistoryEvent) -> str:
        """Where the values of an event are to be had uncut."""
        path = f"/workflow/{self.run.workflow_id}/runs/{self.run_id}/history?includePayloads=true"
        return f"{path} event {event.event_id}"

    def failure(self, failure: Failure) -> bytes:
        """JSON of an event's failure."""
        return failure_json(failure, self._converter)

    def finish(self, pending: Mapping[str, PendingActivityInfo], *, remarks: Mapping[str, object]) -> None:
        """Put what is still open, then the run itself, with `remarks` among its attributes."""
        facts = self.facts
        for open_node in (*self.open.values(), *self.paused.values()):
            if open_node.activity_id in pending:
                self._record(open_node, pending[open_node.activity_id])
            self._put(open_node, facts.ended_at, None, _CUT_OFF if facts.ended_at is not None else None)
        self.open.clear()
        self.paused.clear()
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

    def _put(self, open_node: OpenNode, at: int | None, output: bytes | None, error: bytes | None) -> None:
        is_first = open_node.attempt == 1
        node = Node(
            id=open_node.id,
            kind=open_node.kind,
            name=open_node.name,
            started_at=open_node.started_at if open_node.started_at is not None and is_first else open_node.begun_at,
            ended_at=at,
            input=open_node.input,
            output=output,
            error=error,
            attributes=pydantic_core.to_json(open_node.attributes) if open_node.attributes else None,
        )
        self._tree.put(open_node.place, node)
        if open_node.activity_id:
            self._position(open_node, at, output, error)

    def _position(self, open_node: OpenNode, at: int | None, output: bytes | None, error: bytes | None) -> None:
        own_place = open_node.place
        if open_node.attempt > 1:
            latest = Node(
                id=f"{open_node.id}:{open_node.attempt}",
                kind="attempt",
                name=f"attempt {open_node.attempt}",
                started_at=open_node.started_at or open_node.begun_at,
                ended_at=at,
                output=output,
                error=error,
            )
            own_place = self._tree.add(open_node.place, latest)
        self.positions[safe_name(open_node.activity_id)] = StepPosition(
            open_node.place, own_place, open_node.id, open_node.attempt, open_node.begun_at, at, open_node.last_failure
        )

    def _record(self, open_node: OpenNode, pending: PendingActivityInfo) -> None:
        """What the engine says of a step that runs or waits for another attempt: histories tell only of ended ones."""
        open_node.attempt = max(1, pending.attempt)
        if pending.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED:
            open_node.started_at = milliseconds(pending.last_started_time)
        else:
            open_node.attributes["waitsForWorker"] = True
            if pending.HasField("next_attempt_schedule_time"):
                open_node.started_at = milliseconds(pending.next_attempt_schedule_time)
        if pending.HasField("last_failure"):
            open_node.last_failure = self.failure(pending.last_failure)


def milliseconds(time: Timestamp) -> int:
    """A time of the engine's in ms since the epoch."""
    return time.ToMilliseconds()
