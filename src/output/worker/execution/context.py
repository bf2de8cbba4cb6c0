"""What all runs on one worker share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from output.authoring.schema.source import SourceLine
from output.engine.payloads.limits import ValueLimits
from output.security.links import ApprovalLinks
from output.tracing.locations import TraceTarget
from output.worker.execution.hooks import Hooks, NoHooks

CallKind = Literal["step", "child"]


class Observer(Protocol):
    """Watches which steps and children a workflow's code calls, for a replay that explains itself."""

    def locate(self) -> SourceLine | None:
        """The author's line that makes the call."""
        ...

    def note(self, kind: CallKind, name: str, where: SourceLine | None) -> None:
        """A call is about to become a command to the engine."""
        ...


@dataclass(frozen=True)
class WorkerContext:
    """The worker's workflows, where traces go, who hears of events, how large values are, links, who watches."""

    workflows: frozenset[str]
    trace: TraceTarget = field(default_factory=TraceTarget)
    hooks: Hooks = field(default_factory=NoHooks)
    limits: ValueLimits = field(default_factory=ValueLimits)
    links: ApprovalLinks = field(default_factory=ApprovalLinks)
    observer: Observer | None = None
    keeps_limits: bool = False  # of steps; tests of workflows run without
