"""A fault of a project: what is wrong, and in which line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from output.authoring.schema.source import SourceLine

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fault:
    """One thing to mend; an error keeps a worker from starting, a warning does not."""

    source: SourceLine
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        mark = "warning: " if self.severity == "warning" else ""
        return f"{self.source}: {mark}{self.message}"


def in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    """Each fault once: errors, then warnings, by file and line."""
    return tuple(sorted(set(faults), key=lambda fault: (fault.severity, fault.source, fault.message)))
