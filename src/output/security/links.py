"""Links that answer one question, made by workers of random bits that the run itself does not keep, read by servers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from output.security.signing import Signer

DEFAULT_BASE = "http://localhost:3001"
_SECRET_BYTES = 16
_TIME_BYTES = 5
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Which question of which workflow a link answers; `digest` is what the run knows it by."""

    workflow_id: str
    digest: str
    expires_at: datetime | None = None


class ApprovalLinks:
    """Makes links below the server's public address; a link carries the question's secret, signed, and when it expires.

    The secret is made of a nonce from the run's history and of our first key, so that who reads the history has no
    link; without keys the nonce is the secret.
    """

    def __init__(self, base: str = DEFAULT_BASE, keys: Sequence[str] = ()) -> None:
        self._base = base.rstrip("/")
        self._keys = [key.encode() for key in keys]
        self._signer = Signer(keys, purpose="approval link")

    def digest(self, nonce: str) -> str:
        """What the run keeps: a hash of the secret."""
        return _digest(self._secrets(nonce)[0])

    def link(self, nonce: str, digest: str, workflow_id: str, *, expires_at: datetime | None) -> str | None:
        """The address; None where the key that the secret was made with is no longer there."""
        for secret in self._secrets(nonce):
            if _digest(secret) == digest:
                expiry = 0 if expires_at is None else int(expires_at.timestamp())
                data = secret + expiry.to_bytes(_TIME_BYTES, "big") + workflow_id.encode()
                return f"{self._base}/approve/{quote(self._signer.sign(data), safe='')}"
        return None

    def read(self, token: str) -> LinkTarget | None:
        """What a link's token answers; None for one that was not made here."""
        data = self._signer.read(token)
        if data is None or len(data) <= _SECRET_BYTES + _TIME_BYTES:
            return None
        secret, rest = data[:_SECRET_BYTES], data[_SECRET_BYTES:]
        expiry = int.from_bytes(rest[:_TIME_BYTES], "big")
        workflow_id = _text(rest[_TIME_BYTES:])
        if workflow_id is None:
            return None
        return LinkTarget(workflow_id, _digest(secret), datetime.fromtimestamp(expiry, UTC) if expiry else None)

    def _secrets(self, nonce: str) -> list[bytes]:
        raw = bytes.fromhex(nonce)
        return [hmac.digest(key, b"output approval" + raw, hashlib.sha256)[:_SECRET_BYTES] for key in self._keys] or [
            raw
        ]


class WaitReferences:
    """Tokens that a server gives to who may answer a run's questions anyway: they name one, and are worth a link."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._signer = Signer(secrets, purpose="approval reference")

    def make(self, workflow_id: str, digest: str) -> str:
        """The token of a question."""
        return self._signer.sign(bytes.fromhex(digest) + workflow_id.encode())

    def read(self, token: str) -> LinkTarget | None:
        """The question that a token names; None for one that was not made here."""
        data = self._signer.read(token)
        if data is None or len(data) <= _DIGEST_BYTES:
            return None
        workflow_id = _text(data[_DIGEST_BYTES:])
        return None if workflow_id is None else LinkTarget(workflow_id, data[:_DIGEST_BYTES].hex())


def _digest(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


def _text(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
