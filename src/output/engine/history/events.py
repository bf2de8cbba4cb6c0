"""Events of a run's history as the JSON that clients read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import orjson
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from output.engine.payloads.event_fields import Decode, LeaveOut, decode_payload
from output.engine.payloads.protobuf_json import MessageWriter, Overrides, Write, iso_milliseconds, iso_of, message_type
from output.engine.payloads.quick_steps import read_marker

_TYPE_NAMES: dict[int, str] = {
    value.number: value.name.removeprefix("EVENT_TYPE_") for value in EventType.DESCRIPTOR.values
}
_MARKER = "marker_recorded_event_attributes"
_PAYLOAD_FIELDS = ("user_metadata", "event_group_markers")


def event_type_name(number: int) -> str:
    """`ACTIVITY_TASK_SCHEDULED`; `UNKNOWN_<n>` for a type that is newer than this server."""
    return _TYPE_NAMES.get(number) or f"UNKNOWN_{number}"


class EventWriter:
    """Writes events with their payloads decoded, or without payloads; compiled once, then shared."""

    def __init__(self, *, include_payloads: bool) -> None:
        self._include_payloads = include_payloads
        overrides: Overrides = Decode() if include_payloads else LeaveOut()
        known: dict[str, MessageWriter] = {}
        self._attributes: dict[str, tuple[str, MessageWriter, bool]] = {}
        for field in HistoryEvent.DESCRIPTOR.oneofs_by_name["attributes"].fields:
            kind = message_type(field)
            writer = known.get(kind.full_name) or MessageWriter(kind, overrides, known=known)
            self._attributes[field.name] = (field.json_name, writer, "activity_type" in kind.fields_by_name)
        self._extras = [
            (name, HistoryEvent.DESCRIPTOR.fields_by_name[name].json_name, _extra_writer(name, overrides, known))
            for name in (_PAYLOAD_FIELDS if include_payloads else ())
        ]

    def describe(self, event: HistoryEvent) -> dict[str, object]:
        """The event as a JSON object; decoded payloads are fragments for orjson."""
        described: dict[str, object] = {
            "eventId": str(event.event_id),
            "eventType": event.event_type,
            "eventTypeName": event_type_name(event.event_type),
            "eventTime": iso_milliseconds(event.event_time),
        }
        kind = event.WhichOneof("attributes")
        if kind is not None:
            name, writer, may_be_step = self._attributes[kind]
            message = cast("Message", getattr(event, kind))
            attributes = writer.write(message)
            if may_be_step:
                _add_step_name(attributes)
            elif kind == _MARKER:
                self._add_quick_step(attributes, event)
            described[name] = attributes
        for attribute, name, write in self._extras:
            value: object = getattr(event, attribute)
            if value if attribute == "event_group_markers" else event.HasField("user_metadata"):
                described[name] = write(value)
        return described

    def _add_quick_step(self, attributes: dict[str, object], event: HistoryEvent) -> None:
        """What an ordinary step's events say, for a quick one, of which there is only this event."""
        marker = read_marker(event.marker_recorded_event_attributes)
        if marker is None:
            return
        attributes["activityId"], attributes["attempt"] = marker.activity_id, marker.attempt
        attributes["activityType"] = {"name": marker.activity_type}
        _add_step_name(attributes)
        times = {"scheduledTime": marker.scheduled_at}
        if marker.record is not None:
            times |= {"startedTime": marker.record.started_at, "closeTime": marker.record.ended_at}
        attributes.update({name: iso_of(time) for name, time in times.items()})
        if marker.failure is not None:
            attributes["isFailed"] = True  # the failure itself is left out with the payloads
        if marker.pause is not None:
            attributes["nextAttemptDelay"] = f"{marker.pause:g}s"
        if self._include_payloads:
            if marker.record is not None and marker.record.input is not None:
                attributes["input"] = [orjson.Fragment(marker.record.input)]
            if marker.result is not None:
                attributes["result"] = [decode_payload(marker.result)]

    def write(self, events: Iterable[HistoryEvent]) -> bytes:
        """The events as a JSON array without line ends."""
        return orjson.dumps([self.describe(event) for event in events])


def _extra_writer(name: str, overrides: Overrides, known: dict[str, MessageWriter]) -> Write:
    field: FieldDescriptor = HistoryEvent.DESCRIPTOR.fields_by_name[name]
    kind = message_type(field)
    writer = known.get(kind.full_name) or MessageWriter(kind, overrides, known=known)
    if field.is_repeated:
        return lambda value: [writer.write(each) for each in cast("Iterable[Message]", value)]
    return cast("Write", writer.write)


def _add_step_name(attributes: dict[str, object]) -> None:
    activity_type = attributes.get("activityType")
    if isinstance(activity_type, dict):
        _, mark, step = str(cast("dict[str, object]", activity_type).get("name", "")).partition("#")
        if mark:
            attributes["stepName"] = step


_WRITERS = {included: EventWriter(include_payloads=included) for included in (False, True)}


def event_writer(*, include_payloads: bool) -> EventWriter:
    """The process's writer, with or without payloads."""
    return _WRITERS[include_payloads]
