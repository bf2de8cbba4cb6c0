"""The spans of steps as OpenTelemetry names them."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import Token
from dataclasses import dataclass
from typing import cast

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer

from output.security.redaction import redact_text
from output.tracing.recorder import SpanObserver

_Plain = str | bool | int | float
_TOKENS = {  # by the names that model SDKs use
    "input_tokens": "gen_ai.usage.input_tokens",
    "inputTokens": "gen_ai.usage.input_tokens",
    "prompt_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "outputTokens": "gen_ai.usage.output_tokens",
    "completion_tokens": "gen_ai.usage.output_tokens",
}
_NAMES = {
    "llm:provider": "gen_ai.provider.name",
    "llm:model": "gen_ai.request.model",
    "http:status": "http.response.status_code",
}


@dataclass(frozen=True)
class _Running:
    span: Span
    context: Context
    token: Token[Context]


class OtelSpans(SpanObserver):
    """Sends each span of a step on; inputs and outputs stay here, they are in the trace."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def begin(self, around: object | None, kind: str, name: str) -> object:
        parent = around.context if isinstance(around, _Running) else context.get_current()
        title, attributes = _describe(kind, name)
        is_call = kind in {"http", "llm"}
        span = self._tracer.start_span(
            title, context=parent, kind=SpanKind.CLIENT if is_call else SpanKind.INTERNAL, attributes=attributes
        )
        own = trace.set_span_in_context(span, parent)
        return _Running(span, own, context.attach(own))

    def attribute(self, running: object, name: str, value: object) -> None:
        if isinstance(running, _Running):
            for key, plain in _attributes(name, value).items():
                running.span.set_attribute(key, plain)

    def end(self, running: object, error: BaseException | None) -> None:
        if not isinstance(running, _Running):
            return
        if error is not None:
            message = redact_text(str(error), queries="all")
            running.span.set_attribute("error.type", type(error).__name__)
            running.span.set_status(Status(StatusCode.ERROR, message))
        running.span.end()
        context.detach(running.token)


def _describe(kind: str, name: str) -> tuple[str, dict[str, _Plain]]:
    """The span's name and first attributes, by OpenTelemetry's conventions for the kind."""
    if kind == "llm":
        return f"chat {name}", {"output.kind": kind, "gen_ai.operation.name": "chat", "gen_ai.request.model": name}
    method, _, url = name.partition(" ")
    if kind == "http" and url:
        return method, {"output.kind": kind, "http.request.method": method, "url.full": url}
    return name, {"output.kind": kind}


def _attributes(name: str, value: object) -> dict[str, _Plain]:
    if name == "llm:usage" and isinstance(value, Mapping):
        usage = cast("Mapping[str, object]", value)
        return {_TOKENS[key]: count for key, count in usage.items() if key in _TOKENS and isinstance(count, int)}
    if isinstance(value, str | bool | int | float):
        return {_NAMES.get(name, name.replace(":", ".")): value}
    return {}
