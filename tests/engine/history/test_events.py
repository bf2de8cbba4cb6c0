"""Every event type as JSON: as the canonical writer has it, with payloads decoded or left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from temporalio.api.common.v1 import ActivityType, Payload, Payloads
from temporalio.api.enums.v1 import EventType
from temporalio.api.failure.v1 import ApplicationFailureInfo, Failure, TimeoutFailureInfo
from temporalio.api.history.v1 import (
    ActivityTaskScheduledEventAttributes,
    HistoryEvent,
    WorkflowExecutionCompletedEventAttributes,
)

from output.engine.history.events import event_writer

PAYLOAD = "temporal.api.common.v1.Payload"
BEARERS = {
    PAYLOAD,
    "temporal.api.common.v1.Payloads",
    "temporal.api.common.v1.Header",
    "temporal.api.common.v1.Memo",
    "temporal.api.common.v1.SearchAttributes",
    "temporal.api.failure.v1.Failure",
}
HEADERS = {"header", "nexus_header"}
KINDS = [field.name for field in HistoryEvent.DESCRIPTOR.oneofs_by_name["attributes"].fields]
MARK = 7_000_000


def fill(message: Message, numbers: Iterator[int], depth: int = 0) -> None:
    """Set every field; payloads hold a number each, so that they can be found again."""
    if message.DESCRIPTOR.full_name == PAYLOAD:
        payload = cast("Payload", message)
        payload.metadata["encoding"] = b"json/plain"
        payload.data = b'{"mark": %d}' % (MARK + next(numbers))
        return
    for field in message.DESCRIPTOR.fields:
        is_deep = depth > 5 and field.message_type is not None
        if not is_deep and field.full_name != "temporal.api.failure.v1.Failure.encoded_attributes":
            fill_field(message, cast("FieldDescriptor", field), numbers, depth)


def fill_field(message: Any, field: FieldDescriptor, numbers: Iterator[int], depth: int) -> None:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        held = getattr(message, field.name)
        if kind.fields_by_name["value"].message_type is None:
            held["some-key"] = scalar(kind.fields_by_name["value"], numbers)
        else:
            fill(held["some-key"], numbers, depth + 1)
    elif field.is_repeated:
        held = getattr(message, field.name)
        for _ in range(2):
            if kind is None:
                held.append(scalar(field, numbers))
            else:
                fill(held.add(), numbers, depth + 1)
    elif kind is None:
        setattr(message, field.name, scalar(field, numbers))
    elif kind.full_name.startswith("google.protobuf."):
        getattr(message, field.name).seconds = 1_770_000_000 + next(numbers)
        getattr(message, field.name).nanos = (0, 120_000_000, 120_500_000, 120_500_001)[next(numbers) % 4]
    else:
        getattr(message, field.name).SetInParent()
        fill(getattr(message, field.name), numbers, depth + 1)


def scalar(field: FieldDescriptor, numbers: Iterator[int]) -> object:
    number = next(numbers)
    if field.enum_type is not None:
        values = field.enum_type.values
        return values[number % len(values)].number
    if field.type == FieldDescriptor.TYPE_STRING:
        return f'text "{number}" é'
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"\x00\xff%d" % number
    if field.type == FieldDescriptor.TYPE_BOOL:
        return True
    if field.cpp_type in {FieldDescriptor.CPPTYPE_FLOAT, FieldDescriptor.CPPTYPE_DOUBLE}:
        return 0.5 + number % 3
    return number


def strip(message: Message) -> None:
    """Clear every payload-bearing field."""
    for field, value in message.ListFields():
        kind = field.message_type
        if kind is None:
            continue
        is_map = kind.GetOptions().map_entry
        bearer = kind.fields_by_name["value"].message_type if is_map else kind
        if (bearer is not None and bearer.full_name in BEARERS) or (field.name in HEADERS and is_map):
            message.ClearField(field.name)
        elif not is_map:
            for each in value if field.is_repeated else [value]:
                strip(each)


def without_empty(value: object) -> object:
    """Objects of which nothing is left are left out, except in lists."""
    if isinstance(value, list):
        return [without_empty(each) for each in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    walked = {key: without_empty(each) for key, each in cast("dict[str, object]", value).items()}
    return {key: each for key, each in walked.items() if each != {}}


def filled_event(kind: str) -> HistoryEvent:
    event = HistoryEvent(event_id=2**60, event_type=EventType.EVENT_TYPE_TIMER_FIRED)
    event.event_time.seconds, event.event_time.nanos = 1_772_793_045, 123_987_654
    getattr(event, kind).SetInParent()
    fill(getattr(event, kind), iter(range(1, 1_000_000)))
    return event


def written(event: HistoryEvent, *, include_payloads: bool) -> dict[str, Any]:
    return json.loads(event_writer(include_payloads=include_payloads).write([event]))[0]


def marks_in(value: object) -> list[int]:
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value)
        if list(entries) == ["mark"]:
            return [cast("int", entries["mark"])]
        return [mark for each in entries.values() for mark in marks_in(each)]
    return [mark for each in cast("list[object]", value) for mark in marks_in(each)] if isinstance(value, list) else []


def payloads_in(message: Message) -> list[int]:
    if message.DESCRIPTOR.full_name == PAYLOAD:
        return [json.loads(cast("Payload", message).data)["mark"]]
    found: list[int] = []
    for field, value in message.ListFields():
        kind = field.message_type
        if kind is None or (kind.GetOptions().map_entry and kind.fields_by_name["value"].message_type is None):
            continue
        many = value.values() if kind.GetOptions().map_entry else value if field.is_repeated else [value]
        found += [mark for each in many for mark in payloads_in(each)]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_attributes_are_canonical_json_without_what_bears_payloads(kind: str) -> None:
    event = filled_event(kind)

    shown = written(event, include_payloads=False)

    attributes = getattr(event, kind)
    strip(attributes)
    expected = cast("dict[str, object]", without_empty(MessageToDict(attributes)))
    name = HistoryEvent.DESCRIPTOR.fields_by_name[kind].json_name
    assert without_empty(shown[name]) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_payload_of_an_event_is_shown_decoded_or_not_at_all(kind: str) -> None:
    event = filled_event(kind)
    every = sorted(payloads_in(event))

    assert sorted(marks_in(written(event, include_payloads=True))) == every
    assert '"mark"' not in json.dumps(written(event, include_payloads=False))


def test_an_event_has_its_id_as_text_its_type_as_number_and_name_and_its_time_in_milliseconds() -> None:
    shown = written(filled_event("timer_fired_event_attributes"), include_payloads=False)

    assert shown["eventId"] == str(2**60)
    assert (shown["eventType"], shown["eventTypeName"]) == (18, "TIMER_FIRED")
    assert shown["eventTime"] == "2026-03-06T10:30:45.123Z"


def test_an_event_type_newer_than_the_server_is_passed_on_as_unknown() -> None:
    event = HistoryEvent(event_id=4)
    event.event_type = cast("Any", 999)

    shown = written(event, include_payloads=True)

    assert (shown["eventType"], shown["eventTypeName"]) == (999, "UNKNOWN_999")


@pytest.mark.parametrize(("activity", "step"), [("digest#fetch", "fetch"), ("elsewhere", None)])
def test_a_step_is_named_by_what_follows_the_mark_in_its_activity_type(activity: str, step: str | None) -> None:
    scheduled = ActivityTaskScheduledEventAttributes(activity_type=ActivityType(name=activity))
    event = HistoryEvent(event_id=5, activity_task_scheduled_event_attributes=scheduled)

    attributes = written(event, include_payloads=False)["activityTaskScheduledEventAttributes"]

    assert attributes.get("stepName") == step


def test_a_failure_is_its_message_type_stack_trace_and_causes() -> None:
    cause = Failure(message="no answer", timeout_failure_info=TimeoutFailureInfo())
    cause.timeout_failure_info.last_heartbeat_details.payloads.add(metadata={"encoding": b"json/plain"}, data=b"3")
    info = ApplicationFailureInfo(type="ValueError", details=Payloads(payloads=[_payload(b"json/plain", b"[1]")]))
    failure = Failure(message="broken", stack_trace="line 1", application_failure_info=info, cause=cause)
    event = HistoryEvent(event_id=6)
    event.workflow_execution_failed_event_attributes.failure.CopyFrom(failure)

    attributes = written(event, include_payloads=True)["workflowExecutionFailedEventAttributes"]

    assert attributes["failure"] == {
        "message": "broken",
        "type": "ValueError",
        "stackTrace": "line 1",
        "cause": {"message": "no answer", "type": "TimeoutError", "stackTrace": ""},
    }


@pytest.mark.parametrize(
    ("encoding", "data", "shown"),
    [
        (b"json/plain", b'{"n": 12345678901234567890123}', {"n": 12345678901234567890123}),
        (b"json/plain", b'{\n  "pretty":\r\n true}', {"pretty": True}),
        (b"json/protobuf", b'{"a":1}', {"a": 1}),
        (b"binary/null", b"", None),
        (b"json/plain", b"{broken", {"_raw": True, "encoding": "json/plain"}),
        (b"json/plain", b'"\xff"', {"_raw": True, "encoding": "json/plain"}),
        (b"binary/plain", b"\x00\x01", {"_raw": True, "encoding": "binary/plain"}),
        (b"binary/encrypted", b"???", {"_raw": True, "encoding": "binary/encrypted"}),
    ],
)
def test_a_payload_is_shown_as_its_value_or_as_what_it_is_encoded_in(
    encoding: bytes, data: bytes, shown: object
) -> None:
    result = Payloads(payloads=[_payload(encoding, data)])
    completed = WorkflowExecutionCompletedEventAttributes(result=result)
    event = HistoryEvent(event_id=7, workflow_execution_completed_event_attributes=completed)

    text = event_writer(include_payloads=True).write([event])

    assert json.loads(text)[0]["workflowExecutionCompletedEventAttributes"]["result"] == [shown]
    assert b"\n" not in text
    assert b"\r" not in text


def _payload(encoding: bytes, data: bytes) -> Payload:
    return Payload(metadata={"encoding": encoding}, data=data)
