"""Values that are too large for a history: they lie in a store, and the history keeps a reference."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import TypeVar

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    StorageDriver,
    StorageDriverClaim,
    StorageDriverRetrieveContext,
    StorageDriverStoreContext,
)

from output.backoff import Backoff
from output.engine.payload_store.store import PayloadStore, PayloadStoreError, is_digest

log = logging.getLogger("output.payloads")

T = TypeVar("T")
STORED_FROM = 256 * 1024  # bytes of a payload
DRIVER = "output"
PREVIEW_KEY = "output-preview"  # metadata of an encrypted payload: its start, encrypted too
PREVIEW_CHARACTERS = 1_000
_DIGEST, _PREVIEW, _SEALED = "sha256", "preview", "sealed-preview"
_BACKOFF = Backoff(first=timedelta(milliseconds=200), longest=timedelta(seconds=2))
# A workflow's task has 10 s in all, and the engine gives it, and a step's attempt, to somebody again.
_ATTEMPTS = 4


class LargeValueError(Exception):
    """A large value could not be stored or read."""


class StoreAwayError(LargeValueError):
    """The store does not answer; another attempt may succeed."""


class StoreDriver(StorageDriver):
    """Puts payloads into the store under the digest of their content, and tries again while the store is away."""

    def __init__(self, store: PayloadStore) -> None:
        self._store = store

    def name(self) -> str:
        return DRIVER

    async def store(self, context: StorageDriverStoreContext, payloads: Sequence[Payload]) -> list[StorageDriverClaim]:
        del context  # the same value of two runs is one object
        return [await self.keep(payload.metadata, payload.data) for payload in payloads]

    async def retrieve(
        self, context: StorageDriverRetrieveContext, claims: Sequence[StorageDriverClaim]
    ) -> list[Payload]:
        del context
        return [await self.fetch(claim.claim_data) for claim in claims]

    async def keep(self, metadata: Mapping[str, bytes], data: bytes) -> StorageDriverClaim:
        """Store one payload; raises LargeValueError."""
        parts = _serialize(metadata, data)

        def put() -> str:
            digest = hashlib.sha256()
            for part in parts:
                digest.update(part)
            self._store.put(digest.hexdigest(), parts)
            return digest.hexdigest()

        digest = await self._patiently("written", put)
        facts = {_DIGEST: digest}
        sealed = metadata.get(PREVIEW_KEY)
        if sealed is not None:
            facts[_SEALED] = base64.b64encode(sealed).decode()
        elif metadata.get("encoding") == b"json/plain":
            facts[_PREVIEW] = preview_of(data)
        return StorageDriverClaim(facts)

    async def fetch(self, facts: Mapping[str, str]) -> Payload:
        """The payload of a reference; raises LargeValueError."""
        digest = facts.get(_DIGEST, "")
        if not is_digest(digest):
            raise LargeValueError(f"{digest!r} is no name of a large value.")
        content = await self._patiently("read", lambda: self._store.get(digest))
        try:
            return Payload.FromString(content)
        except DecodeError as error:
            raise LargeValueError(f"The object {digest} in {self._store.place} is damaged.") from error

    async def _patiently(self, what: str, do: Callable[[], T]) -> T:
        for attempt in count(1):
            try:
                return await asyncio.to_thread(do)
            except PayloadStoreError as error:
                if not error.is_passing:
                    raise LargeValueError(f"A large value could not be {what}: {error}") from error
                if attempt == _ATTEMPTS:
                    log.warning("the payload store does not answer: %s", error)
                    raise StoreAwayError(
                        f"A large value could not be {what}: the payload store {self._store.place} does not answer "
                        f"(OUTPUT_PAYLOAD_STORE): {error}"
                    ) from error
            await asyncio.sleep(_BACKOFF.pause(attempt).total_seconds())
        raise AssertionError  # `count` does not end


def preview_of(data: bytes) -> str:
    """The start of JSON."""
    return data[: PREVIEW_CHARACTERS * 4].decode("utf-8", "ignore")[:PREVIEW_CHARACTERS]


def _serialize(metadata: Mapping[str, bytes], data: bytes) -> list[bytes]:
    """A payload as protobuf writes it, without a copy of its data; the same payload gives the same bytes."""
    head = Payload(metadata=metadata).SerializeToString(deterministic=True)
    return [head + b"\x12" + _varint(len(data)), data]


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
