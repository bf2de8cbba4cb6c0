"""Exceptions as the engine keeps them, and back: the original's name and message, not the engine's wrappers."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import cast

import pydantic_core
from pydantic import JsonValue
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, PayloadConverter
from temporalio.exceptions import ApplicationError, FailureError

from output.errors import FatalError, TransparentFatalError, ValidationError
from output.models.runs import ErrorInfo

_MAX_CAUSES = 10
_MAX_MESSAGE = 64 * 1024  # the engine cuts whole failures at 1 to 2 MB; a message of this length still says it
_HIDDEN = frozenset({"message", "run", "retry_after", "issues"})


class FailureConverter(DefaultFailureConverter):
    """Writes an exception's own name, message, causes and public attributes."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        if isinstance(exception, WorkflowCodeError):
            exception = exception.original
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
        failure.stack_trace = "".join(traceback.format_tb(error.__traceback__))
        info = failure.application_failure_info
        info.type = type(error).__name__
        info.non_retryable = isinstance(error, FatalError)
        info.details.CopyFrom(converter.to_payloads_wrapper([{"error": describe(error)}]))
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        # pydantic's own report is in our issues already; sent along it would repeat the input.
        if cause is None or depth >= _MAX_CAUSES or isinstance(error, ValidationError):
            return
        if isinstance(cause, FailureError):
            super().to_failure(cause, converter, failure.cause)
        else:
            self._write(cause, converter, failure.cause, depth=depth + 1)


class WorkflowCodeError(ApplicationError):
    """Ends a run with an exception of the workflow's code; written as the original, so that the chain stays short."""

    def __init__(self, original: BaseException) -> None:
        super().__init__(str(original), type=type(original).__name__, non_retryable=True)
        self.original = original


def describe(error: BaseException) -> dict[str, JsonValue]:
    """Name, message, module and the public attributes that have a JSON form."""
    attributes: dict[str, JsonValue] = {}
    for name, value in vars(error).items():
        if name.startswith("_") or name in _HIDDEN or isinstance(value, BaseException):
            continue
        try:
            attributes[name] = cast("JsonValue", pydantic_core.from_json(pydantic_core.to_json(value)))
        except ValueError:
            continue
    described: dict[str, JsonValue] = {
        "name": type(error).__name__,
        "message": _message(error),
        "module": type(error).__module__,
        "attributes": attributes,
    }
    if isinstance(error, ValidationError):
        described["issues"] = [{"path": i.path, "message": i.message, "code": i.code} for i in error.issues]
    return described


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
        except Exception:  # noqa: BLE001 — a detail of somebody else's, in any encoding
            continue
        if isinstance(detail, Mapping) and "error" in detail:
            error = cast("Mapping[str, object]", detail)["error"]
            return cast("Mapping[str, object]", error) if isinstance(error, Mapping) else {}
    return {}


def _extras(structure: Mapping[str, object]) -> dict[str, JsonValue]:
    extras: dict[str, JsonValue] = {}
    for name in ("attributes", "issues"):
        value = structure.get(name)
        if value:
            extras[name] = cast("JsonValue", value)
    return extras


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


def _message(error: BaseException) -> str:
    text = str(error)
    if len(text) > _MAX_MESSAGE:
        text = f"{text[:_MAX_MESSAGE]}… ({len(text)} characters)"
    return text.encode("utf-8", "replace").decode()  # lone surrogates would make the failure unsendable
