"""Payloads as Temporal's own tools send them to a codec server: protobuf's JSON, bytes as base64."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from output.models.wire_model import WireModel


def _decode(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("give bytes in base64") from None


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


# pydantic's own breaks lines.
Base64 = Annotated[
    bytes,
    BeforeValidator(_decode),
    PlainSerializer(_encode, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "byte"}),
]


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair has no UTF-8") from None
    return value


Text = Annotated[str, AfterValidator(_encodable)]


class ExternalPayload(WireModel):
    """What is said of a value that lies in a store."""

    size_bytes: str = Field("0", pattern=r"^[0-9]{1,18}$", description="its size; protobuf writes such numbers as text")


class CodecPayload(WireModel):
    """One payload; what it means is in its metadata."""

    metadata: dict[Text, Base64] = Field(default_factory=dict[str, bytes], description="bytes by name, base64")
    data: Base64 = Field(b"", description="the value's bytes, base64")
    external_payloads: list[ExternalPayload] = Field(
        default_factory=list[ExternalPayload], description="for a value that lies in a store: its size"
    )


class CodecPayloads(WireModel):
    """Payloads to be encoded or decoded, and the same ones in the answer, in their order."""

    payloads: list[CodecPayload] = Field(default_factory=list[CodecPayload], description="the payloads")
