"""Payloads and failures of the engine as JSON; what is no JSON is marked as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import JsonValue
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import Failure
from temporalio.converter import PayloadConverter

from output.engine.failures import read_failure
from output.engine.payloads.converter import REFERENCE_ENCODING, TRUNCATED_KEY, load_json, payload_json
from output.models.runs import ErrorInfo
from output.tracing.values import capture, capture_json, capture_start, error_json


def values_of(payloads: Payloads) -> JsonValue:
    """One value as itself, none as null, several (from another SDK) as a list; `{"_raw": …}` for what is no JSON."""
    values = [value_of(payload) for payload in payloads.payloads]
    return values[0] if len(values) == 1 else (values or None)


def value_of(payload: Payload) -> JsonValue:
    """A payload's value."""
    try:
        return cast("JsonValue", load_json(payload_json(payload)))
    except ValueError:
        return {"_raw": True, "encoding": encoding_of(payload)}


def encoding_of(payload: Payload) -> str:
    """How a payload says that it is written."""
    if payload.external_payloads:
        return REFERENCE_ENCODING
    return payload.metadata.get("encoding", b"").decode("utf-8", "replace")


def values_json(payloads: Payloads, *, whole: str) -> bytes:
    """One value as itself, none as null, several as a list; cut with a pointer to the `whole`."""
    values = [_value_json(payload, whole) for payload in payloads.payloads]
    if len(values) == 1:
        return values[0]
    return b"[" + b",".join(values) + b"]" if values else b"null"


def failure_json(failure: Failure, converter: PayloadConverter) -> bytes:
    """`{name, message, stack, cause?}` of the original exception, not of the engine's wrappers."""
    return _error_json(read_failure(failure, converter), _stacks(failure))


def memo_value(memo: Mapping[str, Payload], name: str) -> object:
    """A memo's value, None where it is missing or no JSON."""
    payload = memo.get(name)
    try:
        return load_json(payload_json(payload)) if payload is not None else None
    except ValueError:
        return None


def _value_json(payload: Payload, whole: str) -> bytes:
    try:
        if TRUNCATED_KEY in payload.metadata:
            facts = cast("dict[str, object]", load_json(payload.data))
            return capture_start(str(facts["preview"] or ""), size=cast("int", facts["bytes"]), whole=whole)
        return capture_json(payload_json(payload), whole=whole)
    except ValueError:
        return capture({"_raw": True, "encoding": encoding_of(payload), "bytes": len(payload.data)})


def _stacks(failure: Failure) -> Sequence[str]:
    """The stack of each error in the chain, the engine's wrappers left out as `read_failure` does."""
    stacks: list[str] = []
    node = failure
    while True:
        is_wrapper = not node.HasField("application_failure_info") and node.HasField("cause")
        if not is_wrapper:
            stacks.append(node.stack_trace)
        if not node.HasField("cause"):
            return stacks
        node = node.cause


def _error_json(error: ErrorInfo, stacks: Sequence[str]) -> bytes:
    cause = _error_json(error.cause, stacks[1:]) if error.cause is not None else None
    return error_json(error.name, error.message, stack=stacks[0] if stacks else None, cause=cause)
