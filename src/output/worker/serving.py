"""What all runs on one worker share."""

from __future__ import annotations

from dataclasses import dataclass, field

from output.tracing.locations import TraceTarget
from output.worker.hooks import Hooks, NoHooks


@dataclass(frozen=True)
class Serving:
    """The names of the worker's workflows, where traces go, and who is told of events."""

    workflows: frozenset[str]
    trace: TraceTarget = field(default_factory=TraceTarget)
    hooks: Hooks = field(default_factory=NoHooks)
