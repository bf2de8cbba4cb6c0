"""Values that this process cannot read, though another could."""

from __future__ import annotations

KEY_ID = "encryption-key-id"
TEXT_PREFIX = "output-encrypted:"  # of text that is encrypted where the engine takes no payload


class ValueUnreadableError(ValueError):
    """A value is encrypted with a key that this process does not have, or is damaged; with the key it can be read."""


def missing_key(name: str) -> ValueUnreadableError:
    """What to say where a key is missing."""
    return ValueUnreadableError(
        f"A value is encrypted with the key {name!r}, which OUTPUT_ENCRYPTION_KEYS of this process has not."
    )
