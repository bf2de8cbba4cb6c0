"""Payload-bearing fields of events: left out, or decoded to the values that they hold."""

from __future__ import annotations

from typing import cast

import orjson
from google.protobuf.descriptor import FieldDescriptor
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import Failure

from output.engine.failures import failure_type
from output.engine.payloads.converter import REFERENCE_ENCODING
from output.engine.payloads.protobuf_json import Write

_PAYLOAD = "temporal.api.common.v1.Payload"
_PAYLOADS = "temporal.api.common.v1.Payloads"
_FAILURE = "temporal.api.failure.v1.Failure"
_BEARERS = frozenset(
    {
        _PAYLOAD,
        _PAYLOADS,
        _FAILURE,
        "temporal.api.common.v1.Header",
        "temporal.api.common.v1.Memo",
        "temporal.api.common.v1.SearchAttributes",
    }
)
# Plain strings on the wire, and yet headers: they may hold another service's credentials.
_HEADERS = frozenset(
    {
        "temporal.api.common.v1.Callback.Nexus.header",
        "temporal.api.history.v1.NexusOperationScheduledEventAttributes.nexus_header",
    }
)
_JSON_ENCODINGS = frozenset({b"json/plain", b"json/protobuf"})
_MAX_CAUSES = 100


class LeaveOut:
    """Events without payloads: no input, result, failure, detail, header, memo or search attribute."""

    def writer(self, field: FieldDescriptor) -> Write | None:
        del field
        return None

    def is_left_out(self, field: FieldDescriptor) -> bool:
        if field.full_name in _HEADERS:
            return True
        bearer = field.message_type
        if bearer is not None and bearer.GetOptions().map_entry:
            bearer = bearer.fields_by_name["value"].message_type
        return bearer is not None and bearer.full_name in _BEARERS


class Decode:
    """Events with every payload decoded."""

    def writer(self, field: FieldDescriptor) -> Write | None:
        if field.message_type is None:
            return None
        return _DECODERS.get(field.message_type.full_name)

    def is_left_out(self, field: FieldDescriptor) -> bool:
        del field
        return False


def decode_payload(payload: Payload) -> object:
    """The payload's JSON, spliced in as it is; `{"_raw": true, "encoding"}` for one that is none."""
    encoding = payload.metadata.get("encoding", b"")
    if payload.external_payloads:  # a reference into a store that this process does not have, or that is gone
        encoding = REFERENCE_ENCODING.encode()
    if encoding in _JSON_ENCODINGS:
        data = payload.data
        try:
            orjson.loads(data)
        except orjson.JSONDecodeError:
            pass
        else:
            # A line end between two tokens would end a line of an event stream.
            return orjson.Fragment(data.replace(b"\r", b" ").replace(b"\n", b" "))
    elif encoding == b"binary/null":
        return None
    return {"_raw": True, "encoding": encoding.decode("ascii", "replace")}


def decode_failure(failure: Failure, depth: int = 0) -> dict[str, object]:
    """`{message, type, stackTrace, cause?}`, and nothing else."""
    decoded: dict[str, object] = {
        "message": failure.message,
        "type": failure_type(failure),
        "stackTrace": failure.stack_trace,
    }
    if failure.HasField("cause") and depth < _MAX_CAUSES:
        decoded["cause"] = decode_failure(failure.cause, depth + 1)
    return decoded


def _decode_list(payloads: Payloads) -> list[object]:
    return [decode_payload(payload) for payload in payloads.payloads]


_DECODERS: dict[str, Write] = {
    _PAYLOAD: lambda value: decode_payload(cast("Payload", value)),
    _PAYLOADS: lambda value: _decode_list(cast("Payloads", value)),
    _FAILURE: lambda value: decode_failure(cast("Failure", value)),
}
