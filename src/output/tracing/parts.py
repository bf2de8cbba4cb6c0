"""Side records: what one attempt of a step wrote while it ran, read back into a trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import pydantic_core

from output.tracing.locations import safe_name
from output.tracing.recorder import AttemptFacts
from output.tracing.tree import TraceTree


@dataclass(frozen=True, slots=True, order=True)
class PartKey:
    """The records of one attempt; `step` is the activity's ID, safe as a file name."""

    run_id: str
    step: str
    attempt: int

    @property
    def name(self) -> str:
        return f"{self.step}.{self.attempt}"

    @classmethod
    def of(cls, facts: AttemptFacts) -> PartKey:
        return cls(facts.run_id, safe_name(facts.activity_id), facts.attempt)

    @classmethod
    def parse(cls, run_id: str, name: str) -> PartKey | None:
        step, _, attempt = name.rpartition(".")
        return cls(run_id, step, int(attempt)) if step and attempt.isdecimal() else None


@dataclass(slots=True)
class AttemptRecord:
    """What an attempt told about itself; times in ms, None where it did not get to tell."""

    kind: str | None = None
    name: str | None = None
    started_at: int | None = None
    ended_at: int | None = None
    error: bytes | None = None


def read_part(lines: Iterable[bytes], tree: TraceTree, *, parent: int) -> AttemptRecord:
    """Put an attempt's spans below `parent`; a line that was not wholly written is left out."""
    record = AttemptRecord()
    places: dict[int, int] = {0: parent}
    for line in lines:
        try:
            entry: object = pydantic_core.from_json(line)
        except ValueError:
            continue
        match entry:
            case [str(what), dict()]:
                _note(record, what, cast("dict[str, object]", entry[1]))
            case [int(), int(), int(), dict()]:
                _place_span(line, tree, places)
            case _:
                continue
    return record


def _place_span(line: bytes, tree: TraceTree, places: dict[int, int]) -> None:
    number, above, started_at, node = line.split(b",", 3)
    span = int(number[1:])
    if span not in places:
        # A parent is always written before or with its children; where its line was lost they move up.
        places[span] = tree.reserve(places.get(int(above), places[0]), started_at=int(started_at))
    tree.put_rendered(places[span], node.rstrip().removesuffix(b"}]"), started_at=int(started_at))


def _note(record: AttemptRecord, what: str, facts: dict[str, object]) -> None:
    if what == "start":
        record.kind, record.name = str(facts.get("kind")), str(facts.get("name"))
        record.started_at = _milliseconds(facts.get("startedAt"))
    elif what == "end":
        record.ended_at = _milliseconds(facts.get("endedAt"))
        record.error = pydantic_core.to_json(facts["error"]) if facts.get("error") is not None else None


def _milliseconds(value: object) -> int | None:
    return value if isinstance(value, int) else None
