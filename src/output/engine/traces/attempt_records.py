"""Side records put where they belong: below the attempt of the step that wrote them."""

from __future__ import annotations

from collections.abc import Iterable

import pydantic_core

from output.engine.traces.run_builder import RunTraceBuilder, StepPosition
from output.tracing.attempt_records import AttemptRecord, PartKey, read_part
from output.tracing.tree import Node, TraceTree
from output.tracing.values import error_json

_MAX_LOST_ATTEMPTS = 20
_LOST = error_json("AttemptLostError", "The attempt left no record: its worker ended before it could write one.")


class PartsOfRun:
    """Attaches the parts of one run; call `finish` when all are attached."""

    def __init__(self, builder: RunTraceBuilder, tree: TraceTree) -> None:
        self._builder, self._tree = builder, tree
        self._seen: set[tuple[str, int]] = set()

    def is_wanted(self, key: PartKey) -> bool:
        """Whether the run has that step, and its attempt was not attached yet."""
        return key.step in self._builder.positions and (key.step, key.attempt) not in self._seen

    def attach(self, key: PartKey, lines: Iterable[bytes]) -> None:
        """Read a part into the tree; `key` says whose it is."""
        position = self._builder.positions[key.step]
        if key.attempt == position.attempt:
            read_part(
                lines,
                self._tree,
                parent=position.own_place,
                ended_at=position.ended_at,
                is_over=position.ended_at is not None,
            )
        else:
            place = self._tree.reserve(position.place, started_at=position.scheduled_at)
            record = read_part(lines, self._tree, parent=place)
            self._put_attempt(place, position, key.attempt, record)
        self._seen.add((key.step, key.attempt))

    def finish(self) -> None:
        """Put the attempts of which nothing was kept."""
        for step, position in self._builder.positions.items():
            first = max(1, position.attempt - _MAX_LOST_ATTEMPTS)
            for attempt in range(first, position.attempt):
                if (step, attempt) not in self._seen:
                    place = self._tree.reserve(position.place, started_at=position.scheduled_at)
                    self._put_attempt(place, position, attempt, AttemptRecord())

    def _put_attempt(self, place: int, position: StepPosition, attempt: int, record: AttemptRecord) -> None:
        told = position.last_failure if attempt == position.attempt - 1 else None
        node = Node(
            id=f"{position.node_id}:{attempt}",
            kind="attempt",
            name=f"attempt {attempt}",
            started_at=record.started_at if record.started_at is not None else position.scheduled_at,
            ended_at=record.ended_at or record.last_recorded_at or position.scheduled_at,
            error=record.error or told or _LOST,
            attributes=None if record.ended_at is not None else pydantic_core.to_json({"endUnknown": True}),
        )
        self._tree.put(place, node)
