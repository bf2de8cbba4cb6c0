"""Exceptions as the engine keeps them, and back: the original's name and message, not the engine's wrappers."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, cast

import pydantic_core
from pydantic import JsonValue
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, PayloadConverter
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, FailureError
from temporalio.exceptions import TimeoutError as EngineTimeoutError

from output.errors import (
    CallError,
    FatalError,
    OutputError,
    RaisedError,
    RemoteError,
    TransparentFatalError,
    ValidationError,
    text_of,
    type_names,
)
from output.models.runs import ErrorInfo
from output.security.redaction import redact, redact_text

ENCODED_FAILURE = "Encoded failure"  # the SDK's word for a message that is elsewhere
_MAX_CAUSES = 10
_MAX_MESSAGE = 64 * 1024  # the engine cuts whole failures at 1 to 2 MB; a message of this length still says it
_MAX_STACK = 16 * 1024
_MAX_ATTRIBUTES = 64 * 1024
_MAX_ISSUES = 100
_MAX_GROUPS, _MAX_MEMBERS, _MAX_NOTES = 4, 20, 20  # groups within groups, members of each, notes of one
_HIDDEN = frozenset({"message", "run", "retry_after", "issues"})


class FailureConverter(DefaultFailureConverter):
    """Writes an exception's own name, message, causes and public attributes, without secrets."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        if isinstance(exception, CodeError):
            self.to_failure(exception.original, payload_converter, failure)
            if failure.HasField("application_failure_info"):
                info = failure.application_failure_info
                info.non_retryable = info.non_retryable or exception.is_final
                if exception.detail is not None:
                    info.details.payloads.add(metadata={"encoding": b"json/plain"}, data=exception.detail)
            return
        exception = _unwrapped(exception)
        if isinstance(exception, TransparentFatalError):
            self.to_failure(exception.cause, payload_converter, failure)
            failure.application_failure_info.non_retryable = True
            return
        if isinstance(exception, FailureError):
            super().to_failure(exception, payload_converter, failure)
            return
        self._write(exception, payload_converter, failure, depth=0)

    def _write(self, error: BaseException, converter: PayloadConverter, failure: Failure, *, depth: int) -> None:
        failure.message = _message(error)
        failure.stack_trace = redact_text("".join(traceback.format_tb(error.__traceback__))[-_MAX_STACK:])
        info = failure.application_failure_info
        info.type = type(error).__name__
        info.non_retryable = isinstance(error, FatalError)
        # An author's subclass need not have called our `__init__`.
        pause = getattr(error, "retry_after", None) if isinstance(error, OutputError) else None
        if isinstance(pause, timedelta):
            info.next_retry_delay.FromTimedelta(pause)
        info.details.CopyFrom(converter.to_payloads_wrapper([{"error": describe(error)}]))
        if self._encode_common_attributes:
            facts = {"message": failure.message, "stack_trace": failure.stack_trace}
            failure.encoded_attributes.CopyFrom(converter.to_payload(facts))
            failure.message, failure.stack_trace = ENCODED_FAILURE, ""
        cause = _cause(error)
        # pydantic's own report is in our issues already; sent along it would repeat the input.
        if cause is None or depth >= _MAX_CAUSES or isinstance(error, ValidationError):
            return
        if isinstance(cause, FailureError) and not isinstance(cause, CodeError):
            super().to_failure(cause, converter, failure.cause)
        else:
            self._write(cause, converter, failure.cause, depth=depth + 1)


class EncodedFailureConverter(FailureConverter):
    """The same with messages and stacks among what a codec encrypts; class names stay readable, retries go by them."""

    seal_text: ClassVar[Callable[[str], str]]

    def __init__(self) -> None:
        super().__init__()
        self._encode_common_attributes = True

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        if isinstance(exception, MessageOnlyError):
            failure.message = type(self).seal_text(text_of(exception))
            failure.application_failure_info.type = type(exception).__name__
        else:
            super().to_failure(exception, payload_converter, failure)


def encoded_failures(seal_text: Callable[[str], str]) -> type[EncodedFailureConverter]:
    """A converter class, as the SDK wants one, that knows how texts are encrypted."""
    return type("KeyedFailureConverter", (EncodedFailureConverter,), {"seal_text": staticmethod(seal_text)})


class MessageOnlyError(Exception):
    """One of which the engine passes on the message alone."""


class CodeError(ApplicationError):
    """An exception of an author's on its way to the engine; written as the original, so that the chain stays short.

    `detail` is JSON that is put beside the original's own details.
    """

    def __init__(self, original: BaseException, *, is_final: bool, detail: bytes | None = None) -> None:
        super().__init__(text_of(original), type=type(original).__name__, non_retryable=is_final)
        self.original, self.is_final, self.detail = original, is_final, detail


class WorkflowCodeError(CodeError):
    """Ends a run with an exception of the workflow's code."""

    def __init__(self, original: BaseException) -> None:
        super().__init__(original, is_final=True)


def describe(error: BaseException, *, depth: int = 0) -> dict[str, JsonValue]:
    """Name, message, module, classes and the public attributes that have a JSON form, without secrets."""
    attributes: dict[str, JsonValue] = {}
    room = _MAX_ATTRIBUTES
    for name, value in _vars_of(error).items():
        if name.startswith("_") or name in _HIDDEN or isinstance(value, BaseException):
            continue
        try:
            data = pydantic_core.to_json(value, inf_nan_mode="strings")
        except Exception:  # noqa: BLE001, S112 — an authored property, or a type with no JSON form
            continue
        room -= len(data)
        if room < 0:
            attributes[name] = f"<<left out: {len(data)} bytes>>"
            room += len(data)
            continue
        attributes[name] = cast("JsonValue", pydantic_core.from_json(data))
    described: dict[str, JsonValue] = {
        "name": type(error).__name__,
        "message": _message(error),
        "module": type(error).__module__,
        "types": list(type_names(type(error))),
        "attributes": cast("JsonValue", redact(attributes, queries="all")),
    }
    said = [note for note in getattr(error, "__notes__", ()) if isinstance(note, str)]
    notes = [redact_text(_shorten(note), queries="all") for note in said]
    if notes:
        described["notes"] = cast("JsonValue", notes[:_MAX_NOTES])
    if isinstance(error, BaseExceptionGroup) and depth < _MAX_GROUPS:
        members = cast("BaseExceptionGroup[BaseException]", error).exceptions[:_MAX_MEMBERS]
        described["errors"] = [describe(_unwrapped_code(each), depth=depth + 1) for each in members]
    if isinstance(error, ValidationError):
        described["issues"] = [
            {"path": i.path, "message": _shorten(redact_text(i.message, queries="all")), "code": i.code}
            for i in error.issues[:_MAX_ISSUES]
        ]
    return described


def read_raised(error: BaseException) -> RaisedError:
    """The exception behind what the engine raises in a workflow when a step or a child has failed."""
    while isinstance(error, ActivityError | ChildWorkflowError) and error.cause is not None:
        error = error.cause
    cause = error.__cause__
    below = read_raised(cause) if cause is not None else None
    if isinstance(error, ApplicationError):
        facts = _facts(error.details)
        name = str(facts.get("name") or error.type or "Error")
        types = tuple(str(kind) for kind in cast("Sequence[object]", facts.get("types") or (name,)))
        attributes = cast("Mapping[str, object]", facts.get("attributes") or {})
        return RaisedError(name, error.message, types, attributes, below, _members(facts))
    if isinstance(error, EngineTimeoutError):
        return RaisedError("TimeoutError", error.message, type_names(TimeoutError), {}, below)
    message = error.message if isinstance(error, FailureError) else text_of(error)
    return RaisedError(type(error).__name__, message, type_names(type(error)), {}, below)


def _members(facts: Mapping[str, object]) -> tuple[RaisedError, ...]:
    """The members of a group, as `describe` wrote them."""
    found: list[RaisedError] = []
    for each in cast("Sequence[object]", facts.get("errors") or ()):
        if isinstance(each, Mapping):
            member = cast("Mapping[str, object]", each)
            name = str(member.get("name") or "Error")
            types = tuple(map(str, cast("Sequence[object]", member.get("types") or (name,))))
            attributes = cast("Mapping[str, object]", member.get("attributes") or {})
            found.append(RaisedError(name, str(member.get("message", "")), types, attributes, None, _members(member)))
    return tuple(found)


def _unwrapped_code(error: BaseException) -> BaseException:
    return error.original if isinstance(error, CodeError) else error


def _unwrapped(error: BaseException) -> BaseException:
    """The engine's own account of a failed step or child, which names the step and its exception."""
    cause = error.__cause__ if isinstance(error, CallError) else error
    if isinstance(cause, RemoteError) and cause.failure is not None:
        cause = cause.failure
    return cause if isinstance(cause, FailureError) else error


def _cause(error: BaseException) -> BaseException | None:
    if isinstance(error, BaseExceptionGroup) and error.__cause__ is None:
        return _unwrapped(cast("BaseExceptionGroup[BaseException]", error).exceptions[0])
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return None if cause is None else _unwrapped(cause)


def _facts(details: Sequence[object]) -> Mapping[str, object]:
    for detail in details:
        if isinstance(detail, Mapping) and "error" in detail:
            facts = cast("Mapping[str, object]", detail)["error"]
            return cast("Mapping[str, object]", facts) if isinstance(facts, Mapping) else {}
    return {}


def read_failure(failure: Failure, converter: PayloadConverter) -> ErrorInfo:
    """Why a run ended: the first error that is not a wrapper of the engine's, its step, and its causes."""
    step, node = _unwrap(failure)
    structure = _structure(node, converter)
    cause = None
    if node.HasField("cause"):
        cause = read_failure(node.cause, converter)
        step = step or cause.activity_type
    return ErrorInfo(
        name=str(structure.get("name") or failure_type(node)),
        message=node.message,
        activity_type=step,
        cause=cause,
        **_extras(structure),
    )


def _unwrap(failure: Failure) -> tuple[str | None, Failure]:
    """The failing step's type, and the failure below the engine's wrappers."""
    step: str | None = None
    node = failure
    while node.HasField("cause") and not node.HasField("application_failure_info"):
        if step is None and node.HasField("activity_failure_info"):
            step = node.activity_failure_info.activity_type.name
        node = node.cause
    if step is None and node.HasField("activity_failure_info"):
        step = node.activity_failure_info.activity_type.name
    return step, node


def _structure(failure: Failure, converter: PayloadConverter) -> Mapping[str, object]:
    if not failure.HasField("application_failure_info"):
        return {}
    for payload in failure.application_failure_info.details.payloads:
        try:
            detail: object = converter.from_payload(payload)
        except Exception:  # noqa: BLE001, S112 — a detail of somebody else's, in any encoding
            continue
        if isinstance(detail, Mapping) and "error" in detail:
            error = cast("Mapping[str, object]", detail)["error"]
            return cast("Mapping[str, object]", error) if isinstance(error, Mapping) else {}
    return {}


def _extras(structure: Mapping[str, object]) -> dict[str, JsonValue]:
    extras: dict[str, JsonValue] = {}
    for name in ("attributes", "issues", "notes"):
        value = structure.get(name)
        if value:
            extras[name] = cast("JsonValue", value)
    members = structure.get("errors")
    if isinstance(members, list):
        extras["errors"] = _shown_members(cast("list[object]", members))
    return extras


def _shown_members(members: Sequence[object]) -> list[JsonValue]:
    return [_shown_member(cast("Mapping[str, object]", each)) for each in members if isinstance(each, Mapping)]


def _shown_member(member: Mapping[str, object]) -> JsonValue:
    shown = {name: cast("JsonValue", member[name]) for name in ("name", "message", "notes") if name in member}
    below = member.get("errors")
    if isinstance(below, list):
        shown["errors"] = _shown_members(cast("list[object]", below))
    return shown


_ENGINE_NAMES = {
    "timeout_failure_info": "TimeoutError",
    "canceled_failure_info": "CancelledError",
    "terminated_failure_info": "TerminatedError",
    "server_failure_info": "ServerError",
    "activity_failure_info": "ActivityError",
    "child_workflow_execution_failure_info": "ChildWorkflowError",
}


def failure_type(failure: Failure) -> str:
    """The exception's class name, or a name for what the engine itself reports."""
    return failure.application_failure_info.type or _ENGINE_NAMES.get(failure.WhichOneof("failure_info") or "", "Error")


def _vars_of(error: BaseException) -> dict[str, object]:
    try:
        return dict(vars(error))
    except BaseException:  # noqa: BLE001 — an authored `__dict__`
        return {}


def _message(error: BaseException) -> str:
    text = redact_text(_shorten(text_of(error)), queries="all")
    return text.encode("utf-8", "replace").decode()  # lone surrogates would make the failure unsendable


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_MESSAGE else f"{text[:_MAX_MESSAGE]}… ({len(text)} characters)"
