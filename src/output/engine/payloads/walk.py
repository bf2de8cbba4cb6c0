"""All payloads and failures within a message, found by plans that are made once for each type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure

_PAYLOAD = Payload.DESCRIPTOR.full_name
_FAILURE = Failure.DESCRIPTOR.full_name
_READABLE = frozenset({"temporal.api.common.v1.SearchAttributes", "temporal.api.common.v1.Header"})


def payloads_in(message: Message) -> Iterator[Payload]:
    """The payloads themselves, to be changed in place; search attributes and headers are never encoded."""
    for found in _bearers(message):
        if found.DESCRIPTOR.full_name == _PAYLOAD:
            yield cast("Payload", found)


def failures_in(message: Message) -> Iterator[Failure]:
    """The failures, each before its cause."""
    for found in _bearers(message):
        if found.DESCRIPTOR.full_name == _FAILURE:
            yield cast("Failure", found)


def _bearers(message: Message) -> Iterator[Message]:
    name = message.DESCRIPTOR.full_name
    if name in {_PAYLOAD, _FAILURE}:
        yield message
    if name == _PAYLOAD:
        return
    plan = _plan(message.DESCRIPTOR)
    if not plan:
        return
    for field, value in message.ListFields():
        kind = plan.get(field.number)
        if kind == "map":
            for each in cast("dict[object, Message]", value).values():
                yield from _bearers(each)
        elif kind == "list":
            for each in cast("list[Message]", value):
                yield from _bearers(each)
        elif kind == "one":
            yield from _bearers(cast("Message", value))


@cache
def _plan(descriptor: Descriptor) -> dict[int, str]:
    """The fields below which payloads may be, and how they hold them."""
    found: dict[int, str] = {}
    for field in descriptor.fields:
        kind = _held_by(field)
        if kind is not None and _may_bear(kind):
            is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
            found[field.number] = "map" if is_map else "list" if field.is_repeated else "one"
    return found


def _held_by(field: FieldDescriptor) -> Descriptor | None:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        return kind.fields_by_name["value"].message_type
    return kind


@cache
def _may_bear(descriptor: Descriptor) -> bool:
    waiting, seen = [descriptor], {descriptor.full_name}
    while waiting:
        kind = waiting.pop()
        if kind.full_name in {_PAYLOAD, _FAILURE}:
            return True
        if kind.full_name in _READABLE:
            continue
        for field in kind.fields:
            below = _held_by(field)
            if below is not None and below.full_name not in seen:
                seen.add(below.full_name)
                waiting.append(below)
    return False
