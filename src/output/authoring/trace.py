"""What an author adds to a run's trace from inside steps."""

from __future__ import annotations

from output.tracing.recorder import Span

__all__ = ["Span", "span"]


def span(kind: str, name: str, *, input: object = None) -> Span:  # noqa: A002 — the word of the trace
    """Record what the `with` block does as a node of the trace, nested as the code is, through `await` and threads.

    `kind` is `llm`, `http`, `internal_step` or one of your own. Inside, `span.output(value)` and
    `span.attribute("llm:usage", value)` take any JSON; an exception is recorded and passes. Secrets are
    masked, values over 32 KB cut. In workflow code, in a plain test and where tracing is off it records nothing.
    """
    return Span(kind, name, input=input)
