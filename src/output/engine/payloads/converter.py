"""How values travel through the engine: JSON that other SDKs read too, built one way for every process."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import orjson
import pydantic_core
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    BinaryNullPayloadConverter,
    BinaryPlainPayloadConverter,
    BinaryProtoPayloadConverter,
    CompositePayloadConverter,
    DataConverter,
    EncodingPayloadConverter,
    ExternalStorage,
    JSONProtoPayloadConverter,
)

from output.config.settings import EngineSettings
from output.engine.failures import FailureConverter, encoded_failures
from output.engine.payload_store.factory import open_payload_store
from output.engine.payloads.large import StoreDriver
from output.engine.payloads.unreadable import KEY_ID, missing_key
from output.engine.profile import resolve_target
from output.models.exact_json import ExactJson, exact_of
from output.models.wire_model import WireModel

EXACT_KEY = "output-exact"
TRUNCATED_KEY = "output-truncated"  # of our own making while we read: the value is another's start
REFERENCE_ENCODING = "json/external-storage-reference"  # what a value is called that lies elsewhere
_SAME = b"="  # the readable form is the exact one
_JSON = {"encoding": b"json/plain"}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value that is JSON already."""

    data: bytes


def encode_model(model: WireModel) -> Encoded:
    """A model of ours as its JSON."""
    return Encoded(model.model_dump_json(by_alias=True).encode())


def to_payload(data: bytes, more: Mapping[str, bytes] | None = None) -> Payload:
    """JSON bytes as the engine carries them, with `more` metadata; an exact form goes along as metadata too."""
    return Payload(metadata=json_metadata(data, more), data=data)


def json_metadata(data: bytes, more: Mapping[str, bytes] | None = None) -> Mapping[str, bytes]:
    """What is said of JSON beside it."""
    exact = exact_of(data)
    if exact is not None:
        more = {**(more or {}), EXACT_KEY: _SAME if exact == data else exact}
    return _JSON if more is None else {**_JSON, **more}


def payload_json(payload: Payload) -> bytes:
    """The JSON in a payload; raises ValueError for one that is not JSON, ValueUnreadableError for an encrypted one."""
    encoding = payload.metadata.get("encoding", b"").decode()
    if encoding == "json/plain":
        exact = payload.metadata.get(EXACT_KEY)
        return payload.data if exact is None else ExactJson(payload.data, payload.data if exact == _SAME else exact)
    if encoding == "binary/null":
        return b"null"
    if KEY_ID in payload.metadata:
        raise missing_key(payload.metadata[KEY_ID].decode("utf-8", "replace"))
    raise ValueError(f"The payload is {encoding or 'of no known encoding'}, not JSON.")


def dump_json(value: object) -> bytes:
    """JSON of any value; raises ValueError where there is none (NaN, lone surrogates, unknown types)."""
    if isinstance(value, Encoded):
        return value.data
    try:
        return orjson.dumps(_finite(value), option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:  # more digits than 64 bits hold, models, dates …: slower, and knows them all
        return pydantic_core.to_json(value, by_alias=True, bytes_mode="base64", inf_nan_mode="null")


def load_json(data: bytes) -> object:
    """The value of JSON bytes; integers keep all their digits. Raises ValueError."""
    value: object = pydantic_core.from_json(data, allow_inf_nan=False)
    return value


def _finite(value: object) -> object:
    # orjson and pydantic write NaN as null; a value that changes on the way is worse than an error.
    if isinstance(value, float) and value - value != 0:
        raise ValueError("NaN and infinity have no JSON form")
    if isinstance(value, Mapping):
        for item in cast("Mapping[object, object]", value).values():
            _finite(item)
    elif isinstance(value, list | tuple):
        for item in cast("Sequence[object]", value):
            _finite(item)
    return cast("object", value)


class _JsonConverter(EncodingPayloadConverter):
    """`json/plain` both ways, for every value."""

    @property
    def encoding(self) -> str:
        return "json/plain"

    def to_payload(self, value: Any) -> Payload | None:
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode()
        return to_payload(dump_json(value))

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        del type_hint  # shapes are parsed by their owner, who can say what does not fit
        return load_json(payload.data)


class _ReadOnlyNull(BinaryNullPayloadConverter):
    """Reads the null of other SDKs; ours is JSON's."""

    def to_payload(self, value: Any) -> Payload | None:
        del value
        return None


class _ReadOnlyBytes(BinaryPlainPayloadConverter):
    """Reads the bytes of other SDKs; ours are base64 in JSON."""

    def to_payload(self, value: Any) -> Payload | None:
        del value
        return None


class OutputPayloadConverter(CompositePayloadConverter):
    """Writes JSON, and reads what other SDKs write."""

    def __init__(self) -> None:
        super().__init__(
            _ReadOnlyNull(),
            _ReadOnlyBytes(),
            JSONProtoPayloadConverter(),
            BinaryProtoPayloadConverter(),
            _JsonConverter(),
        )


def build_data_converter(settings: EngineSettings | None = None) -> DataConverter:
    """The one converter that API, worker and clients share: with another a client cannot read results.

    Without settings there is no store for large values, and no encryption.
    """
    if settings is not None and settings.keys:
        from output.engine.payloads.encryption import EncryptionCodec  # its library takes time to load

        codec = EncryptionCodec(settings.keys)
        failures: type[FailureConverter] = encoded_failures(codec.seal_text)
    else:
        codec, failures = None, FailureConverter
    store = None
    if settings is not None and settings.payload_store is not None:
        store = open_payload_store(settings, namespace=resolve_target(settings).namespace)
    return replace(
        DataConverter.default,
        payload_converter_class=OutputPayloadConverter,
        payload_codec=codec,
        failure_converter_class=failures,
        external_storage=None if store is None else ExternalStorage(drivers=[StoreDriver(store)]),
    )
