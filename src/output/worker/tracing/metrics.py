"""How far sealing is behind the ends of runs."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge

from output.telemetry.metrics import durations


class SealingMeter:
    """Counts what one worker seals."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._lag = durations(
            registry, "output_trace_sealing_lag_seconds", "From the end of a run to its sealed trace.", []
        )
        self._waiting = Gauge(
            "output_trace_sealing_waiting", "Ended runs whose trace is not sealed.", registry=registry
        )

    def watch(self, waiting: Callable[[], int]) -> None:
        """Read how many wait whenever somebody asks."""
        self._waiting.set_function(waiting)

    def record(self, seconds: float) -> None:
        """A trace was sealed so long after its run was seen to end."""
        self._lag.observe(seconds)
