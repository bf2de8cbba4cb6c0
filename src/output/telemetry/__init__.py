"""Spans to an OpenTelemetry collector, with the extra `output-workflows[otel]` and an OTLP endpoint."""
