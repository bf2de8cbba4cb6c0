"""What happens to every log record before it is written: no secret, no control character, no end."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import cast

from structlog.typing import EventDict

from output.process.log_exceptions import chain_of
from output.security.redaction import redact

MAX_LINE = 16 * 1024  # characters of a rendered line; what stores and forwards logs cuts or drops longer ones
_MAX_VALUE = 4 * 1024
# C0 and C1 without the tab, and what turns the direction of text round.
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_RUN_FACTS = ("workflow_type", "workflow_id", "run_id")
_STEP_FACTS = ("activity_type", "attempt", "workflow_id", "workflow_run_id")


def name_the_step(logger: object, method: str, event: EventDict) -> EventDict:
    """The SDK's record of a failed attempt in our words: which step of which run."""
    del logger, method
    activity = event.pop("temporal_activity", None)
    if isinstance(activity, Mapping):
        facts = cast("Mapping[str, object]", activity)
        event.update({_short(name): facts[name] for name in _STEP_FACTS if name in facts})
        if str(event.get("event", "")).startswith("Completing activity as failed"):
            event["event"] = "step attempt failed"
    workflow = event.pop("temporal_workflow", None)
    if isinstance(workflow, Mapping):
        facts = cast("Mapping[str, object]", workflow)
        event.update(
            {_short(name): facts[name] for name in ("workflow_type", "workflow_id", "run_id") if name in facts}
        )
    event.pop("__temporal_error_identifier", None)
    event.pop("temporal_log", None)
    return event


def shorten_requests(logger: object, method: str, event: EventDict) -> EventDict:
    """A request as one short line for a person; which it was in full is told where it failed."""
    del logger, method
    if event.get("event") != "request":
        return event
    status = event.get("status")
    is_fault = isinstance(status, int) and status >= 500
    line = f"{event.pop('method', '')} {event.pop('path', '')} {event.pop('status', '')} {event.pop('ms', '')} ms"
    if not is_fault:
        event.pop("request_id", None)
    event["event"] = line
    return event


def tell_exceptions(logger: object, method: str, event: EventDict) -> EventDict:
    """The exception as data: type, text and frames of it and its causes, never their locals."""
    del logger, method
    error = _taken_from(event)
    if error is not None:
        event["exception"] = [told.as_json() for told in chain_of(error)]
    return event


def fold_exceptions(logger: object, method: str, event: EventDict) -> EventDict:
    """The same as a few lines for a person: the exception with the author's last frames, then what caused it."""
    del logger, method
    error = _taken_from(event)
    if error is not None:
        first, *causes = chain_of(error)
        lines = first.lines(most_frames=3)
        lines += [f"  from {cause.type}: {cause.message}" for cause in causes][: 5 - len(lines)]
        event["exception"] = "\n".join(_clean_text(line) for line in lines)
    return event


def hide_secrets(logger: object, method: str, event: EventDict) -> EventDict:
    """Every value without secrets, bounded, and without what a terminal would obey; exceptions are so already."""
    del logger, method
    exception = event.pop("exception", None)
    clean = cast("EventDict", redact({name: _shorten(value) for name, value in event.items()}, queries="all"))
    event.clear()
    event.update({name: _clean(value) for name, value in clean.items()})
    if exception is not None:
        event["exception"] = exception
    return event


def bound_line(logger: object, method: str, rendered: str) -> str:
    """The line, cut with a mark of how much was cut."""
    del logger, method
    if len(rendered) <= MAX_LINE:
        return rendered
    return f"{rendered[: MAX_LINE - 40]}… ({len(rendered)} characters)"


def _taken_from(event: EventDict) -> BaseException | None:
    """The exception that a record is about; the record has it no longer."""
    given: object = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = cast("tuple[object, ...]", given)[1] if isinstance(given, tuple) else given
    return error if isinstance(error, BaseException) else None


def _short(name: str) -> str:
    return {"activity_type": "step", "workflow_run_id": "run_id", "workflow_type": "workflow"}.get(name, name)


def _shorten(value: object) -> object:
    if isinstance(value, str | int | float | bool | list | tuple | Mapping) or value is None:
        text = value if isinstance(value, str) else None
    else:
        value = text = str(value)
    if text is not None and len(text) > _MAX_VALUE:
        return f"{text[:_MAX_VALUE]}… ({len(text)} characters)"
    return cast("object", value)


def _clean(value: object) -> object:
    return _clean_text(value) if isinstance(value, str) else value


def _clean_text(text: str) -> str:
    return _CONTROL.sub(
        lambda found: f"\\x{ord(found[0]):02x}" if ord(found[0]) < 256 else f"\\u{ord(found[0]):04x}", text
    )
