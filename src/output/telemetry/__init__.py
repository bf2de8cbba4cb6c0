"""Spans to an OpenTelemetry collector, with the extra `output[otel]` and an OTLP endpoint."""
