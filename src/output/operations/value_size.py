"""Values that the engine would not take, refused before it is asked."""

from __future__ import annotations

from output.engine.payloads.limits import MAX_PAYLOAD_BYTES
from output.errors import PayloadTooLargeError
from output.models.references import RunRef


def check_value_size(data: bytes, what: str, *, run: RunRef | None = None) -> None:
    """Raise PayloadTooLargeError for JSON that is over the engine's limit, its envelope counted."""
    if len(data) > MAX_PAYLOAD_BYTES:
        message = f"The {what} has {len(data)} bytes; the engine takes at most {MAX_PAYLOAD_BYTES} in one value."
        error = PayloadTooLargeError(message, limit=MAX_PAYLOAD_BYTES, size=len(data))
        error.run = run
        raise error
