"""What a handler of events looks like."""

from __future__ import annotations

from collections.abc import Callable

from temporalio.api.history.v1 import HistoryEvent

from output.engine.traces.run_builder import RunTraceBuilder

Handle = Callable[[RunTraceBuilder, HistoryEvent, int], None]
"""Notes an event, which happened at that time (ms), in the run's story."""
