"""Calling a step as its second attempt, or as one that is to stop, without an engine."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from output.authoring.step_context import PlainStepRun, enter_step, leave_step


@contextmanager
def step_run(*, attempt: int = 1, last_heartbeat: object = None, is_cancelled: bool = False) -> Generator[PlainStepRun]:
    """What `current_step()` gives to steps called inside; it keeps their heartbeats, signals and events.

    Example:
        @step
        async def report() -> None:
            current_step().heartbeat("half")

        with step_run() as kept:
            await report()
        assert kept.heartbeats == ["half"]
    """
    run = PlainStepRun(attempt=attempt, last_heartbeat=last_heartbeat, is_cancelled=is_cancelled)
    token = enter_step(run)
    try:
        yield run
    finally:
        leave_step(token)
