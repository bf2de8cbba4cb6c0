"""History events as people read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from output.models.history import HistoryEvent

# What names the thing that an event is about, best first.
_SUBJECTS = ("stepName", "activityType", "workflowType", "signalName", "timerId", "updateId", "identity")
_PAYLOADS = ("input", "result", "failure", "lastFailure", "details")


def attributes_of(event: HistoryEvent) -> Mapping[str, object]:
    """What the event says, whatever its type; empty where it says nothing."""
    for name, value in (event.model_extra or {}).items():
        if name.endswith("EventAttributes") and isinstance(value, dict):
            return cast("Mapping[str, object]", value)
    return {}


def describe_event(event: HistoryEvent, *, include_payloads: bool) -> str:
    """The step, signal, timer or child that an event is about, its attempt, and its payloads if wanted."""
    attributes = attributes_of(event)
    said = [_subject(attributes)]
    attempt = attributes.get("attempt")
    if isinstance(attempt, int) and attempt > 1:
        said.append(f"attempt {attempt}")
    scheduled = attributes.get("scheduledEventId")
    if scheduled is not None:
        said.append(f"of #{scheduled}")
    if include_payloads:
        said += [
            f"{name}={json.dumps(attributes[name], ensure_ascii=False)}" for name in _PAYLOADS if name in attributes
        ]
    return "  ".join(part for part in said if part)


def _subject(attributes: Mapping[str, object]) -> str:
    for name in _SUBJECTS[:-1]:
        value = attributes.get(name)
        if isinstance(value, Mapping):
            value = cast("Mapping[str, object]", value).get("name")
        if isinstance(value, str) and value:
            return f"timer {value}" if name == "timerId" else value
    return ""
