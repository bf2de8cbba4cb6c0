"""Payloads that Temporal's own UI and command line want to show or to send."""

from __future__ import annotations

from temporalio.api.common.v1 import Payload, Payloads

from output.engine.connection import Engine
from output.engine.payloads.carrier import SHOWN_WHOLE
from output.models.codec import CodecPayload, CodecPayloads, ExternalPayload


async def decode_for_others(engine: Engine, given: CodecPayloads) -> CodecPayloads:
    """The payloads decrypted, stored values with them; what this process has no key for stays as it is."""
    message = Payloads(payloads=[_read(each) for each in given.payloads])
    await engine.values.open(message, up_to=SHOWN_WHOLE)
    return _write(message)


async def encode_for_others(engine: Engine, given: CodecPayloads) -> CodecPayloads:
    """The payloads encrypted, if there are keys; they go to no store."""
    return _write(Payloads(payloads=await engine.values.encrypt([_read(each) for each in given.payloads])))


def _read(given: CodecPayload) -> Payload:
    payload = Payload(metadata=given.metadata, data=given.data)
    for each in given.external_payloads:
        payload.external_payloads.add().size_bytes = int(each.size_bytes)
    return payload


def _write(message: Payloads) -> CodecPayloads:
    # Constructed as they are: read as input, the bytes would be taken for base64.
    return CodecPayloads(
        payloads=[
            CodecPayload.model_construct(
                metadata=dict(payload.metadata),
                data=payload.data,
                external_payloads=[
                    ExternalPayload(size_bytes=str(each.size_bytes)) for each in payload.external_payloads
                ],
            )
            for payload in message.payloads
        ]
    )
