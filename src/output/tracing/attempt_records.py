"""Side records: what one attempt of a step wrote while it ran, read back into a trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import pydantic_core

from output.tracing.locations import safe_name
from output.tracing.recorder import AttemptFacts
from output.tracing.tree import TraceTree
from output.tracing.values import error_json

_OPEN = b'"endedAt":null'
_CUT_OFF = b',"error":' + error_json("CancelledError", "The attempt ended before this did.")


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
    last_recorded_at: int | None = None


@dataclass(slots=True)
class _Unended:
    """A span of which no end was told: its rendered node, and when it began."""

    node: bytes
    started_at: int


def read_part(
    lines: Iterable[bytes], tree: TraceTree, *, parent: int, ended_at: int | None = None, is_over: bool = True
) -> AttemptRecord:
    """Put an attempt's spans below `parent`; a line that was not wholly written is left out.

    Where the attempt `is_over`, spans of which no end was told ended with it: at `ended_at` (ms), or when it last told.
    """
    record = AttemptRecord()
    spans = _Spans(tree, parent)
    for line in lines:
        try:
            entry: object = pydantic_core.from_json(line)
        except ValueError:
            continue
        match entry:
            case [str(what), dict()]:
                _record(record, what, cast("dict[str, object]", entry[1]))
            case [int(), int(), int(), dict()]:
                spans.put(line)
            case _:
                continue
    record.last_recorded_at = max(spans.last_recorded_at, record.started_at or 0) or None
    if is_over:
        spans.cut_off(record.ended_at or ended_at or spans.last_recorded_at)
    return record


class _Spans:
    """The spans of one attempt as they are read."""

    def __init__(self, tree: TraceTree, parent: int) -> None:
        self._tree = tree
        self._places: dict[int, int] = {0: parent}
        self._unended: dict[int, _Unended] = {}
        self.last_recorded_at = 0

    def put(self, line: bytes) -> None:
        number, above, start, rest = line.split(b",", 3)
        span, started_at, node = int(number[1:]), int(start), rest.rstrip().removesuffix(b"}]")
        if span not in self._places:
            # A parent is always written before or with its children; where its line was lost they move up.
            above_it = self._places.get(int(above), self._places[0])
            self._places[span] = self._tree.reserve(above_it, started_at=started_at)
        self._tree.put_rendered(self._places[span], node, started_at=started_at)
        self.last_recorded_at = max(self.last_recorded_at, started_at)
        if _OPEN in node.partition(b',"input":')[0]:
            self._unended[span] = _Unended(node, started_at)
        else:
            self._unended.pop(span, None)

    def cut_off(self, ended_at: int) -> None:
        """End what has not ended."""
        for span, unended in self._unended.items():
            ended = b'"endedAt":%d' % max(ended_at, unended.started_at)
            node = unended.node.replace(_OPEN, ended, 1) + _CUT_OFF
            self._tree.put_rendered(self._places[span], node, started_at=unended.started_at)


def _record(record: AttemptRecord, what: str, facts: dict[str, object]) -> None:
    if what == "start":
        record.kind, record.name = str(facts.get("kind")), str(facts.get("name"))
        record.started_at = _milliseconds(facts.get("startedAt"))
    elif what == "end":
        record.ended_at = _milliseconds(facts.get("endedAt"))
        record.error = pydantic_core.to_json(facts["error"]) if facts.get("error") is not None else None


def _milliseconds(value: object) -> int | None:
    return value if isinstance(value, int) else None
