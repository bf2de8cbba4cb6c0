"""Keeps one child running."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

from output.supervision.child import Child, ChildContext, Command
from output.supervision.errors import CrashLoopError
from output.supervision.log_stream import TITLES
from output.supervision.restart_policy import RestartPolicy


class Supervisor:
    """Starts a child, and again when it dies."""

    def __init__(self, command: Callable[[], Command], context: ChildContext, *, hint: str = "") -> None:
        self._command = command
        self._context = context
        self._hint = hint
        self._restarts = RestartPolicy()
        self._child: Child | None = None
        self._is_wanted_anew = False
        self.first_ready = asyncio.Event()

    async def run(self) -> None:
        """Keep it running until cancelled; raises CrashLoopError."""
        while True:
            self._child = child = Child(self._command(), self._context)
            child.ready.add_done_callback(lambda _: self.first_ready.set())
            await asyncio.shield(child.exited)
            if self._is_wanted_anew:
                self._is_wanted_anew = False
            else:
                await delay_restart(child, self._restarts, self._context, hint=self._hint)

    def restart(self) -> None:
        """End the child in order, and start it by a new command."""
        if self._child is not None and self._child.is_alive:
            self._is_wanted_anew = True
            self._child.terminate()

    async def stop(self, grace: timedelta) -> None:
        """Stop the child; call it when `run` is cancelled."""
        if self._child is not None:
            await self._child.stop(grace=grace)

    def kill(self) -> None:
        """End the child now."""
        if self._child is not None:
            self._child.kill()


async def delay_restart(child: Child, restarts: RestartPolicy, context: ChildContext, *, hint: str = "") -> None:
    """Wait before a dead child is started again; raises CrashLoopError when that is of no use any more."""
    code = child.exited.result()
    was_ready = child.ready.done() or not child.command.announces
    pause = restarts.record(time.monotonic(), was_ready=was_ready)
    source = child.command.source
    if pause is None:
        raise CrashLoopError(
            source, restarts=restarts.count, exit_code=code, last_lines=tuple(child.last_lines), hint=hint
        )
    ended = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    context.console.say(f"The {TITLES[source]} {ended}; it is started again.")
    await asyncio.sleep(pause.total_seconds())
