"""Values that the engine would not take, refused before it is asked."""

from __future__ import annotations

from output.engine.payloads.limits import ValueLimits
from output.errors import PayloadTooLargeError
from output.models.references import RunRef


def check_value_size(data: bytes, what: str, *, limits: ValueLimits, run: RunRef | None = None) -> None:
    """Raise PayloadTooLargeError for JSON that is over the limit of engine or store, its envelope counted."""
    if len(data) > limits.largest:
        taker = "the payload store" if limits.has_store else "the engine"
        message = (
            f"The {what} has {len(data)} bytes; {taker} takes at most {limits.largest} in one value: {limits.advice}."
        )
        error = PayloadTooLargeError(message, limit=limits.largest, size=len(data))
        error.run = run
        raise error
