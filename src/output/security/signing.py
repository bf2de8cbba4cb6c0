"""Texts that only this deployment can have written: signed, opaque, fit for a URL."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
_MAC_BYTES = 16
# Where there are no secrets there is nothing to guard: the signature then only tells our tokens from made-up ones.
_OPEN = b"output"


class Signer:
    """Signs with the first secret and accepts the signatures of all, so that secrets can be rotated.

    A text signed for one `purpose` is worth nothing for another.
    """

    def __init__(self, secrets: Sequence[str], *, purpose: str) -> None:
        label = f"output {purpose}".encode()
        self._keys = [
            hmac.digest(secret, label, hashlib.sha256) for secret in ([s.encode() for s in secrets] or [_OPEN])
        ]

    def sign(self, data: bytes, *, context: bytes = b"") -> str:
        """The data and its signature; `context` is signed too, and not carried."""
        return base64.urlsafe_b64encode(_mac(self._keys[0], data, context) + data).rstrip(b"=").decode()

    def sign_model(self, model: BaseModel) -> str:
        """A model and its signature."""
        return self.sign(model.model_dump_json().encode())

    def read_model(self, text: str, kind: type[M]) -> M | None:
        """The model of a text that was signed here, else None."""
        data = self.read(text)
        try:
            return None if data is None else kind.model_validate_json(data)
        except ValidationError:  # of another version
            return None

    def read(self, text: str, *, context: bytes = b"") -> bytes | None:
        """The data of a text that was signed here with that context, else None; takes the same time for every text."""
        try:
            signed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return None
        mac, data = signed[:_MAC_BYTES], signed[_MAC_BYTES:]
        matches = [hmac.compare_digest(mac, _mac(key, data, context)) for key in self._keys]
        return data if any(matches) else None


def _mac(key: bytes, data: bytes, context: bytes) -> bytes:
    framed = len(context).to_bytes(4, "big") + context + data
    return hmac.digest(key, framed, hashlib.sha256)[:_MAC_BYTES]
