"""The seam between authored code and the engine: what a running workflow may ask for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from output.authoring.options import ActivityOptions

_ATTRIBUTE = "__output_runtime__"


@dataclass(frozen=True)
class StepCall:
    """One call of a step: its name, whether its result is judged, its input as JSON, and its options."""

    step: str
    input: bytes
    call_options: ActivityOptions | None
    own_options: ActivityOptions | None


@dataclass(frozen=True)
class ChildCall:
    """One call of a workflow from a workflow."""

    workflow: str
    input: bytes


class WorkflowRuntime(Protocol):
    """A running workflow's side of the engine; the worker provides it, results are JSON."""

    async def run_step(self, call: StepCall) -> bytes: ...

    async def run_child(self, call: ChildCall) -> bytes: ...


def current_runtime() -> WorkflowRuntime | None:
    """The runtime of the workflow whose code is running, None anywhere else (a plain test, a step)."""
    # Kept on the event loop: each run has its own, and handlers run on it too, outside the context of `run`.
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    return cast("WorkflowRuntime | None", getattr(loop, _ATTRIBUTE, None))


def install_runtime(loop: asyncio.AbstractEventLoop, runtime: WorkflowRuntime) -> None:
    """Make `runtime` the current one of everything that runs on `loop`."""
    setattr(loop, _ATTRIBUTE, runtime)
