"""Where spans go: one exporter for the process, which never holds a run or an exit up."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from output.config.settings import TraceSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

log = logging.getLogger("output.telemetry")
_CLOSE_SECONDS = 3.0


@dataclass(frozen=True)
class Telemetry:
    """The process's tracer; `close` sends what is left."""

    provider: TracerProvider
    tracer: Tracer

    def close(self) -> None:
        """Send what is left, for at most three seconds: the collector may be away."""
        closing = threading.Thread(target=self.provider.shutdown, daemon=True)
        closing.start()
        closing.join(_CLOSE_SECONDS)


def open_telemetry(settings: TraceSettings, *, service: str) -> Telemetry | None:
    """The tracer, None without an endpoint or without the extra; the exporter's own variables are OpenTelemetry's."""
    if not (settings.otlp_endpoint or settings.otlp_traces_endpoint):
        return None
    if find_spec("opentelemetry.sdk") is None or find_spec("opentelemetry.exporter.otlp.proto.http") is None:
        log.warning(
            "an OTLP endpoint is configured, but OpenTelemetry is not installed: install output-workflows[otel]"
        )
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({SERVICE_NAME: settings.otel_service_name or service})
    # Its own exit handler would wait for a collector that is away.
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Telemetry(provider, provider.get_tracer("output"))
