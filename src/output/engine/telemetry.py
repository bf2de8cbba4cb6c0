"""OpenTelemetry's context through the engine: from a start over the workflow to its steps."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio.client import Interceptor

from output.telemetry.provider import Telemetry


def telemetry_interceptors(telemetry: Telemetry | None) -> Sequence[Interceptor]:
    """What clients, and workers made of them, add to their calls; nothing without telemetry."""
    if telemetry is None:
        return ()
    from temporalio.contrib.opentelemetry import TracingInterceptor

    return (TracingInterceptor(telemetry.tracer),)
