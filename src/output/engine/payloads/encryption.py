"""Values encrypted on their way to engine and store: AES-256-GCM, with the key's ID beside them."""

from __future__ import annotations

import asyncio
import base64
import hmac
import os
from collections.abc import Mapping, Sequence

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from output.engine.payloads.large import PREVIEW_KEY, STORED_FROM, preview_of
from output.engine.payloads.unreadable import KEY_ID, TEXT_PREFIX, ValueUnreadableError, missing_key

ENCODING = b"binary/encrypted"
_NONCE = 12
_THREAD_FROM = 1024 * 1024  # bytes for which another thread is worth its while


class EncryptionCodec(PayloadCodec):
    """Encrypts whole payloads, metadata included, with the first key, and decrypts with the one that they name."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._current = next(iter(keys))
        # Another key for another use of the same secret.
        self._nonce_key = hmac.digest(keys[self._current], b"output nonce of large values", "sha256")

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [await self._encode(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [await self._decode(payload) for payload in payloads]

    async def _encode(self, payload: Payload) -> Payload:
        if is_encrypted(payload) or payload.external_payloads:
            return payload
        plain = payload.SerializeToString(deterministic=True)
        metadata = {"encoding": ENCODING, KEY_ID: self._current.encode()}
        if len(plain) < STORED_FROM:
            return Payload(metadata=metadata, data=self._encrypt(plain, os.urandom(_NONCE)))
        if payload.metadata.get("encoding") == b"json/plain":
            metadata[PREVIEW_KEY] = self._start_of(payload, metadata)
        return Payload(metadata=metadata, data=await asyncio.to_thread(self._encrypt, plain))

    def _start_of(self, payload: Payload, metadata: Mapping[str, bytes]) -> bytes:
        start = Payload(metadata={"encoding": b"json/plain"}, data=orjson.dumps(preview_of(payload.data)))
        data = self._encrypt(start.SerializeToString(deterministic=True))
        return Payload(metadata=metadata, data=data).SerializeToString(deterministic=True)

    def _encrypt(self, plain: bytes, nonce: bytes | None = None) -> bytes:
        # What goes to a store has the nonce of its content, so that the same value is the same object there.
        nonce = nonce or hmac.digest(self._nonce_key, plain, "sha256")[:_NONCE]
        return nonce + self._ciphers[self._current].encrypt(nonce, plain, self._current.encode())

    def seal_text(self, text: str) -> str:
        """Text encrypted as text, for where the engine takes no payload; the same text gives the same."""
        payload = Payload(metadata={"encoding": b"json/plain"}, data=orjson.dumps(text))
        metadata = {"encoding": ENCODING, KEY_ID: self._current.encode()}
        data = self._encrypt(payload.SerializeToString(deterministic=True))
        return TEXT_PREFIX + base64.b64encode(Payload(metadata=metadata, data=data).SerializeToString()).decode()

    async def _decode(self, payload: Payload) -> Payload:
        if not is_encrypted(payload):
            return payload
        name = key_of(payload)
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise missing_key(name)
        data = payload.data

        def decrypt() -> Payload:
            return Payload.FromString(cipher.decrypt(data[:_NONCE], data[_NONCE:], name.encode()))

        try:
            return decrypt() if len(data) < _THREAD_FROM else await asyncio.to_thread(decrypt)
        except (InvalidTag, ValueError, DecodeError) as error:
            raise ValueUnreadableError(
                f"A value cannot be decrypted: it is damaged, or {name!r} in OUTPUT_ENCRYPTION_KEYS is another key now."
            ) from error


def is_encrypted(payload: Payload) -> bool:
    """Whether the payload is one of ours that a key opens."""
    return payload.metadata.get("encoding") == ENCODING and KEY_ID in payload.metadata


def key_of(payload: Payload) -> str:
    """The ID of the key that the payload names."""
    return payload.metadata[KEY_ID].decode("utf-8", "replace")
