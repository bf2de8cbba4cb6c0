"""What a running step may ask: its attempt, heartbeats, cancellation, and the run that called it."""

from __future__ import annotations

import uuid
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Protocol

from output.authoring.runtime.protocol import current_runtime
from output.errors import FatalError


class StepRun(Protocol):
    """One attempt of a step, counted from 1; safe to use from any thread of it."""

    @property
    def step(self) -> str: ...

    @property
    def workflow_id(self) -> str: ...

    @property
    def run_id(self) -> str: ...

    @property
    def attempt(self) -> int: ...

    @property
    def last_heartbeat(self) -> object:
        """The last details that this attempt or, before it has sent any, an earlier one sent; None without."""
        ...

    @property
    def is_cancelled(self) -> bool:
        """Whether the step is to stop; an `async` step is also told by `asyncio.CancelledError`."""
        ...

    def heartbeat(self, details: object = None) -> None:
        """Say how far it is; the details (any JSON) are there for the next attempt."""
        ...

    async def signal(self, name: str, payload: object = None) -> None:
        """Signal the run that called the step, such as with a partial result."""
        ...

    def signal_from_thread(self, name: str, payload: object = None) -> None:
        """The same for a plain `def` step; waits until the engine has taken it."""
        ...

    def emit(self, event: str, payload: object) -> None:
        """Tell the hooks of `on(event)`."""
        ...


@dataclass
class PlainStepRun:
    """A step called without an engine: keeps what the step tells, for a test to look at."""

    step: str = "step"
    workflow_id: str = field(default_factory=lambda: f"plain-{uuid.uuid4()}")
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    attempt: int = 1
    last_heartbeat: object = None
    is_cancelled: bool = False
    heartbeats: list[object] = field(default_factory=list[object])
    signals: list[tuple[str, object]] = field(default_factory=list[tuple[str, object]])
    events: list[tuple[str, object]] = field(default_factory=list[tuple[str, object]])

    def heartbeat(self, details: object = None) -> None:
        """Keep what was sent, as `heartbeats`."""
        self.heartbeats.append(details)
        self.last_heartbeat = details

    async def signal(self, name: str, payload: object = None) -> None:
        """Keep the signal."""
        self.signals.append((name, payload))

    def signal_from_thread(self, name: str, payload: object = None) -> None:
        """Keep the signal."""
        self.signals.append((name, payload))

    def emit(self, event: str, payload: object) -> None:
        """Keep the event."""
        self.events.append((event, payload))


_step_run: ContextVar[StepRun | None] = ContextVar("output_step_run", default=None)


def current_step() -> StepRun:
    """The attempt of the step whose code is running; raises FatalError in workflow code.

    Example:
        @step
        async def tell_attempt() -> int:
            current_step().heartbeat({"at": 1})
            return current_step().attempt

        assert await tell_attempt() == 1
    """
    found = running_step()
    if found is not None:
        return found
    if current_runtime() is not None:
        raise FatalError("current_step() belongs in a step; in workflow code use `current_run()`.")
    return PlainStepRun()


def emit(event: str, payload: object = None) -> None:
    """From a step, tell the hooks that wait for `event` with `@on(event)`; any JSON.

    Example:
        @step
        async def work() -> str:
            emit("half_way", {"done": 5, "of": 10})
            return "done"

        assert await work() == "done"
    """
    current_step().emit(event, payload)


def running_step() -> StepRun | None:
    """The attempt of the step whose code is running, None anywhere else."""
    return None if current_runtime() is not None else _step_run.get()


def enter_step(step: StepRun) -> Token[StepRun | None]:
    """Make `step` the current one of this task and the threads that it calls."""
    return _step_run.set(step)


def leave_step(token: Token[StepRun | None]) -> None:
    """Undo `enter_step`."""
    _step_run.reset(token)
