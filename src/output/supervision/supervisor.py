"""Keeps one child running."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from output.dev.errors import KeepsDyingError
from output.supervision.child import Child, Command, Crew
from output.supervision.log_stream import TITLES
from output.supervision.restart_policy import Deaths


class Keeper:
    """Starts a child, and again when it dies."""

    def __init__(self, command: Command, crew: Crew, *, hint: str = "") -> None:
        self._command = command
        self._crew = crew
        self._hint = hint
        self._deaths = Deaths()
        self._child: Child | None = None
        self.first_ready = asyncio.Event()

    async def run(self) -> None:
        """Keep it running until cancelled; raises KeepsDyingError."""
        while True:
            self._child = child = Child(self._command, self._crew)
            child.ready.add_done_callback(lambda _: self.first_ready.set())
            await asyncio.shield(child.exited)
            await mourn(child, self._deaths, self._crew, hint=self._hint)

    async def stop(self, grace: timedelta) -> None:
        """Stop the child; call it when `run` is cancelled."""
        if self._child is not None:
            await self._child.stop(grace=grace)

    def kill(self) -> None:
        """End the child now."""
        if self._child is not None:
            self._child.kill()


async def mourn(child: Child, deaths: Deaths, crew: Crew, *, hint: str = "") -> None:
    """Wait before a dead child is started again; raises KeepsDyingError when that is of no use any more."""
    code = child.exited.result()
    was_ready = child.ready.done() or not child.command.announces
    pause = deaths.record(time.monotonic(), was_ready=was_ready)
    source = child.command.source
    if pause is None:
        raise KeepsDyingError(
            source, deaths=deaths.count, exit_code=code, last_lines=tuple(child.last_lines), hint=hint
        )
    ended = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    crew.console.say(f"The {TITLES[source]} {ended}; it is started again.")
    await asyncio.sleep(pause.total_seconds())
