"""What the engine holds as it lies there, and as it is read: references fetched, encryption undone."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import cast

import orjson
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.sdk.v1.external_storage_pb2 import ExternalStorageReference
from temporalio.converter import DataConverter, JSONProtoPayloadConverter, PayloadCodec

from output.engine.payloads.converter import TRUNCATED_KEY, json_metadata, load_json, payload_json, to_payload
from output.engine.payloads.large import DRIVER, STORED_FROM, LargeValueError, StoreAwayError, StoreDriver
from output.engine.payloads.unreadable import TEXT_PREFIX, ValueUnreadableError
from output.engine.payloads.walk import failures_in, payloads_in
from output.errors import PayloadStoreNotAvailableError
from output.models.exact_json import size_of

SHOWN_WHOLE = 2 * 1024 * 1024  # bytes of a stored value that pages of events show; of larger ones its start
_SHOWN_AT_ONCE = 16 * 1024 * 1024  # of all stored values of a page
_REFERENCES = JSONProtoPayloadConverter()
_REFERENCE_TYPE = ExternalStorageReference.DESCRIPTOR.full_name.encode()


class ValueCarrier:
    """Seals values on their way to the engine and opens what comes from it; without codec and store it does nothing."""

    def __init__(self, converter: DataConverter) -> None:
        self._codec: PayloadCodec | None = converter.payload_codec
        storage = converter.external_storage
        self._driver = cast("StoreDriver", storage.drivers[0]) if storage is not None else None

    async def seal(self, data: bytes) -> Payload:
        """JSON as the engine gets it. Raises PayloadStoreNotAvailableError."""
        if self._codec is None and (self._driver is None or size_of(data) < STORED_FROM):
            return to_payload(data)
        if self._codec is not None:
            [payload] = await self._codec.encode([to_payload(data)])
            if self._driver is None or payload.ByteSize() < STORED_FROM:
                return payload
            return await self._store(payload.metadata, payload.data)
        return await self._store(json_metadata(data), data)

    async def encrypt(self, payloads: Sequence[Payload]) -> Sequence[Payload]:
        """The payloads as they go to the engine, but to no store."""
        return payloads if self._codec is None else await self._codec.encode(payloads)

    async def open(self, message: Message, *, up_to: int | None = None) -> None:
        """Turn every payload and failure in the message into what was sent.

        A value of which the key or the object is missing stays as it is. Raises PayloadStoreNotAvailableError.

        With `up_to` nothing is raised, and of stored values with more bytes there is the start alone, as
        `{"_truncated": true, "bytes": …, "preview": …}`; of all of them, while the store is away.
        """
        if self._codec is not None or self._driver is not None:
            room = None if up_to is None else _Room(up_to)
            for payload in payloads_in(message):
                await self._open(payload, room)
        for failure in failures_in(message):
            if failure.HasField("encoded_attributes"):
                facts = _facts(failure.encoded_attributes)
                if facts is not None:
                    failure.message = str(facts.get("message", failure.message))
                    failure.stack_trace = str(facts.get("stack_trace", ""))
                    failure.ClearField("encoded_attributes")

    async def open_text(self, text: str) -> str:
        """Text of which the engine has made no payload, such as what a query failed with."""
        if self._codec is None or not text.startswith(TEXT_PREFIX):
            return text
        with suppress(ValueError):  # of another key, or cut
            [opened] = await self._codec.decode([Payload.FromString(base64.b64decode(text[len(TEXT_PREFIX) :]))])
            return str(load_json(opened.data))
        return text

    async def _store(self, metadata: Mapping[str, bytes], data: bytes) -> Payload:
        assert self._driver is not None
        try:
            claim = await self._driver.keep(metadata, data)
        except LargeValueError as error:
            raise PayloadStoreNotAvailableError(str(error)) from error
        reference = ExternalStorageReference(driver_name=DRIVER, claim_data=claim.claim_data)
        payload = _REFERENCES.to_payload(reference)
        assert payload is not None
        payload.external_payloads.add().size_bytes = len(data)
        return payload

    async def _open(self, payload: Payload, room: _Room | None) -> None:
        reference = read_reference(payload)
        if reference is not None and self._driver is not None:
            size = payload.external_payloads[0].size_bytes if payload.external_payloads else 0
            if room is not None and not room.take(size):
                payload.CopyFrom(await self._preview(reference, size))
                return
            try:
                payload.CopyFrom(await self._driver.fetch(reference.claim_data))
            except StoreAwayError as error:
                if room is None:
                    raise PayloadStoreNotAvailableError(str(error)) from error
                room.close()
                payload.CopyFrom(await self._preview(reference, size))
                return
            except LargeValueError:
                return
        if self._codec is not None:
            with suppress(ValueUnreadableError):
                [decoded] = await self._codec.decode([payload])
                if decoded is not payload:
                    payload.CopyFrom(decoded)

    async def _preview(self, reference: ExternalStorageReference, size: int) -> Payload:
        preview = reference.claim_data.get("preview")
        sealed = reference.claim_data.get("sealed-preview")
        if sealed is not None and self._codec is not None:
            with suppress(ValueUnreadableError):
                [opened] = await self._codec.decode([Payload.FromString(base64.b64decode(sealed))])
                preview = str(load_json(opened.data)) if opened.metadata.get("encoding") == b"json/plain" else None
        return to_payload(
            orjson.dumps({"_truncated": True, "bytes": size, "preview": preview}), {TRUNCATED_KEY: str(size).encode()}
        )


class _Room:
    """How much of the stored values may be shown: each up to a size, and all together."""

    def __init__(self, up_to: int) -> None:
        self._up_to, self._left = up_to, _SHOWN_AT_ONCE

    def take(self, size: int) -> bool:
        """Whether a value of that size may be shown."""
        if size > min(self._up_to, self._left):
            return False
        self._left -= size
        return True

    def close(self) -> None:
        """Show none any more."""
        self._left = -1


def is_whole(message: Message) -> bool:
    """Whether every value is there, and not just its start."""
    return not any(TRUNCATED_KEY in payload.metadata for payload in payloads_in(message))


def read_reference(payload: Payload) -> ExternalStorageReference | None:
    """Where in our store the payload's value lies, None for one that has its value with it or elsewhere."""
    if payload.metadata.get("messageType") != _REFERENCE_TYPE:
        return None
    try:
        found = cast("ExternalStorageReference", _REFERENCES.from_payload(payload, ExternalStorageReference))
    except RuntimeError:  # none that we or the SDK have written
        return None
    return found if found.driver_name == DRIVER else None


def _facts(payload: Payload) -> Mapping[str, object] | None:
    try:
        value = load_json(payload_json(payload))
    except ValueError:
        return None
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None
