"""A fault of a project: what is wrong, and in which line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from output.authoring.schema.source import SourceLine

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Diagnostic:
    """One thing to mend; an error keeps a worker from starting, a warning does not."""

    source: SourceLine
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        mark = "warning: " if self.severity == "warning" else ""
        return f"{self.source}: {mark}{self.message}"


def in_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each fault once: errors, then warnings, by file and line."""
    return tuple(
        sorted(set(diagnostics), key=lambda diagnostic: (diagnostic.severity, diagnostic.source, diagnostic.message))
    )
