"""Signatures of webhooks, as the Standard Webhooks specification has them (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64  # bytes, as the specification has it


def secret_bytes(secret: str) -> bytes:
    """The key in a secret such as `whsec_…`. Raises ValueError for one that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:  # binascii's own, and that of text that is no ASCII
        key = b""
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise ValueError(
            f"give {_PREFIX}… with {_SHORTEST} to {_LONGEST} random bytes in base64, as `openssl rand -base64 32` makes"
        )
    return key


def webhook_headers(message_id: str, body: bytes, *, keys: Sequence[bytes], now: datetime) -> Mapping[str, str]:
    """The headers that let a receiver check a message; signed with every key, so that keys can be rotated."""
    timestamp = str(int(now.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys]
    headers = {"Webhook-Id": message_id, "Webhook-Timestamp": timestamp}
    if signatures:
        headers["Webhook-Signature"] = " ".join(f"v1,{signature}" for signature in signatures)
    return headers
