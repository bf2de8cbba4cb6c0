"""What the engine takes, with room for what it counts beside the value."""

from __future__ import annotations

# The engine's limit of 2 MB counts the payload with its envelope: a value a few bytes below it passes a naive check and
# then fails the workflow's task for ever, or wedges the run of an update.
MAX_PAYLOAD_BYTES = 2 * 1024 * 1024 - 4 * 1024

# 2,000 pending activities are a wall that shows only as a failing task, and four inputs of 1.1 MB in one task are a
# gRPC message for which the engine terminates the run.
MAX_CALLS_IN_FLIGHT = 1_000
MAX_BYTES_IN_FLIGHT = 1_500_000
