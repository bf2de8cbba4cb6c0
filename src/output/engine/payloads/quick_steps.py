"""Quick steps in a history: the SDK's marker, and what our worker adds to it.

The marker of a local activity names its type, attempt and times, and holds its result or failure; it has no place for
the input, the kind and when the work itself began and ended. Those travel in the metadata of the result, or as one more
detail of the failure: still `json/plain` to everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

import orjson
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import MarkerRecordedEventAttributes

MARKER_NAME = "core_local_activity"  # written by the SDK's core
METADATA_KEY = "output-step"
_DETAIL_KEY = "step"


@dataclass(frozen=True, slots=True)
class QuickRecord:
    """What our worker adds; `input` is JSON, None where it was left out for its size; times in ms."""

    kind: Literal["step", "evaluator"]
    input: bytes | None
    started_at: int
    ended_at: int

    def dump(self) -> bytes:
        """The record as JSON."""
        facts: dict[str, object] = {"kind": self.kind, "startedAt": self.started_at, "endedAt": self.ended_at}
        if self.input is not None:
            facts["input"] = orjson.Fragment(self.input)
        return orjson.dumps(facts)

    def dump_detail(self) -> bytes:
        """The record as a detail of a failure."""
        return orjson.dumps({_DETAIL_KEY: orjson.Fragment(self.dump())})


@dataclass(frozen=True, slots=True)
class QuickMarker:
    """An attempt of a quick step that the history tells of: its last, or one before a long `pause` (in seconds)."""

    activity_id: str
    activity_type: str
    attempt: int
    scheduled_at: int
    pause: float | None
    result: Payload | None
    failure: Failure | None
    record: QuickRecord | None


def read_marker(attributes: MarkerRecordedEventAttributes) -> QuickMarker | None:
    """The quick step that a marker tells of; None for every other marker."""
    if attributes.marker_name != MARKER_NAME:
        return None
    facts = _load(_first(attributes, "data"))
    result = _first(attributes, "result")
    failure = attributes.failure if attributes.HasField("failure") else None
    pause = facts.get("backoff")
    return QuickMarker(
        activity_id=str(facts.get("activity_id", "")),
        activity_type=str(facts.get("activity_type", "")),
        attempt=_whole(facts.get("attempt")) or 1,
        scheduled_at=round(_seconds(facts.get("original_schedule_time")) * 1000),
        pause=None if pause is None else _seconds(pause),
        result=result,
        failure=failure,
        record=_record_of(result, failure),
    )


def _record_of(result: Payload | None, failure: Failure | None) -> QuickRecord | None:
    if result is not None:
        return _read_record(_load_json(result.metadata.get(METADATA_KEY, b"")))
    if failure is not None and failure.HasField("application_failure_info"):
        for payload in failure.application_failure_info.details.payloads:
            record = _read_record(_load(payload).get(_DETAIL_KEY))
            if record is not None:
                return record
    return None


def _read_record(value: object) -> QuickRecord | None:
    if not isinstance(value, dict):
        return None
    facts = cast("dict[str, object]", value)
    return QuickRecord(
        "evaluator" if facts.get("kind") == "evaluator" else "step",
        orjson.dumps(facts["input"]) if "input" in facts else None,
        _whole(facts.get("startedAt")),
        _whole(facts.get("endedAt")),
    )


def _first(attributes: Message, name: str) -> Payload | None:
    found = cast("MarkerRecordedEventAttributes", attributes).details.get(name)
    return found.payloads[0] if found is not None and found.payloads else None


def _load(payload: Payload | None) -> dict[str, object]:
    value = None if payload is None else _load_json(payload.data)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _load_json(data: bytes) -> object:
    try:
        return cast("object", orjson.loads(data))
    except orjson.JSONDecodeError:
        return None


def _seconds(value: object) -> float:
    """`{"seconds": …, "nanos": …}`, as the core writes times and durations."""
    if not isinstance(value, dict):
        return 0.0
    parts = cast("dict[str, object]", value)
    return _whole(parts.get("seconds")) + _whole(parts.get("nanos")) / 1e9


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
