"""Side records put where they belong: below the attempt of the step that wrote them."""

from __future__ import annotations

from collections.abc import Iterable

import pydantic_core

from output.engine.traces.run_builder import RunStory, StepSpot
from output.tracing.attempt_records import AttemptRecord, PartKey, read_part
from output.tracing.tree import Node, TraceTree
from output.tracing.values import error_json

_MAX_LOST_ATTEMPTS = 20
_LOST = error_json("AttemptLostError", "The attempt left no record: its worker ended before it could write one.")


class PartsOfRun:
    """Attaches the parts of one run; call `finish` when all are attached."""

    def __init__(self, story: RunStory, tree: TraceTree) -> None:
        self._story, self._tree = story, tree
        self._told: set[tuple[str, int]] = set()

    def is_wanted(self, key: PartKey) -> bool:
        """Whether the run has that step, and its attempt was not attached yet."""
        return key.step in self._story.spots and (key.step, key.attempt) not in self._told

    def attach(self, key: PartKey, lines: Iterable[bytes]) -> None:
        """Read a part into the tree; `key` says whose it is."""
        spot = self._story.spots[key.step]
        if key.attempt == spot.attempt:
            read_part(
                lines, self._tree, parent=spot.own_place, ended_at=spot.ended_at, is_over=spot.ended_at is not None
            )
        else:
            place = self._tree.reserve(spot.place, started_at=spot.scheduled_at)
            record = read_part(lines, self._tree, parent=place)
            self._put_attempt(place, spot, key.attempt, record)
        self._told.add((key.step, key.attempt))

    def finish(self) -> None:
        """Put the attempts of which nothing was kept."""
        for step, spot in self._story.spots.items():
            first = max(1, spot.attempt - _MAX_LOST_ATTEMPTS)
            for attempt in range(first, spot.attempt):
                if (step, attempt) not in self._told:
                    place = self._tree.reserve(spot.place, started_at=spot.scheduled_at)
                    self._put_attempt(place, spot, attempt, AttemptRecord())

    def _put_attempt(self, place: int, spot: StepSpot, attempt: int, record: AttemptRecord) -> None:
        told = spot.last_failure if attempt == spot.attempt - 1 else None
        node = Node(
            id=f"{spot.node_id}:{attempt}",
            kind="attempt",
            name=f"attempt {attempt}",
            started_at=record.started_at if record.started_at is not None else spot.scheduled_at,
            ended_at=record.ended_at or record.last_told_at or spot.scheduled_at,
            error=record.error or told or _LOST,
            attributes=None if record.ended_at is not None else pydantic_core.to_json({"endUnknown": True}),
        )
        self._tree.put(place, node)
