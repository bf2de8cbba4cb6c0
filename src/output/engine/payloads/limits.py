"""What the engine takes, with room for what it counts beside the value; more where a store takes large values."""

from __future__ import annotations

from dataclasses import dataclass

from output.config.payload_settings import PayloadSettings
from output.engine.payloads.large import STORED_FROM

# The engine's limit of 2 MB counts the payload with its envelope: a value a few bytes below it passes a naive check and
# then fails the workflow's task for ever, or wedges the run of an update.
MAX_PAYLOAD_BYTES = 2 * 1024 * 1024 - 4 * 1024

# 2,000 pending activities are a wall that shows only as a failing task, and four inputs of 1.1 MB in one task are a
# gRPC message for which the engine terminates the run.
MAX_CALLS_IN_FLIGHT = 1_000
MAX_BYTES_IN_FLIGHT = 1_500_000
REFERENCE_BYTES = 6 * 1024  # of a stored value in a history: its start is at most 1,000 characters, written as base64
LARGE = 512 * 1024  # bytes; above, a value in a history is worth a line in the log


@dataclass(frozen=True, slots=True)
class ValueLimits:
    """The largest value in bytes, and whether large ones lie in a store."""

    largest: int = MAX_PAYLOAD_BYTES
    has_store: bool = False

    @property
    def advice(self) -> str:
        """What to do about a value that is too large."""
        if self.has_store:
            return "raise OUTPUT_PAYLOAD_MAX_BYTES, or keep the value elsewhere and pass a reference to it"
        return "turn on the store for large values (OUTPUT_PAYLOAD_STORE), or keep the value elsewhere"

    def is_stored(self, size: int) -> bool:
        """Whether a value of that size lies in the store."""
        return self.has_store and size >= STORED_FROM


def limits_of(settings: PayloadSettings) -> ValueLimits:
    """The limits that a process has."""
    if settings.payload_store is None:
        return ValueLimits()
    return ValueLimits(settings.payload_max_bytes, has_store=True)
