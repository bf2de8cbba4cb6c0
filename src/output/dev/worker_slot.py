"""The place of the worker: a new one takes it when it is ready, and not before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Literal

from output.supervision.child import Child, ChildContext, Command
from output.supervision.restart_policy import RestartPolicy
from output.supervision.supervisor import delay_restart

_REFUSED = 1  # exit code of a worker that found faults in the project or the settings
_MOST_DRAINING = 3
_STOP_GRACE = timedelta(seconds=2)
_READY_TIMEOUT = timedelta(seconds=1)  # for steps that are running when all is stopped

Verdict = Literal["ready", "refused", "died", "outdated"]


class WorkerSlot:
    """Runs one worker, replaces it when sources change, and keeps the old one if the new one does not start."""

    def __init__(self, command: Callable[[], Command], context: ChildContext) -> None:
        self._command = command
        self._context = context
        self._restarts = RestartPolicy()
        self._current: Child | None = None
        self._candidate: Child | None = None
        self._draining: list[Child] = []
        self._changed = asyncio.Event()
        self.decided = asyncio.Event()  # a worker is ready, or the project has faults
        self.first_ready = asyncio.Event()

    def reload(self) -> None:
        """The sources have changed: start a new worker."""
        self._changed.set()

    async def run(self) -> None:
        """Keep a worker running until cancelled; raises CrashLoopError."""
        while True:
            self._changed.clear()
            started = time.monotonic()
            candidate = self._candidate = Child(self._command(), self._context)
            verdict = await self._judge(candidate)
            if verdict == "ready":
                self._install(candidate, took=time.monotonic() - started)
                await self._until_changed(candidate.exited)
                if not candidate.is_alive and not self._changed.is_set():
                    await delay_restart(candidate, self._restarts, self._context)
            elif verdict == "refused":
                self._report_refusal()
                await self._changed.wait()
            elif verdict == "died":
                await delay_restart(candidate, self._restarts, self._context)
            else:
                await candidate.stop(grace=_STOP_GRACE)

    async def stop(self, grace: timedelta) -> None:
        """Stop all workers; call it when `run` is cancelled.

        Asked a second time, a worker stops its running steps, so that they are tried again as soon as there is another.
        """
        children = self._children()
        for child in children:
            child.terminate()
        busy = {child.exited for child in children if child.is_alive}
        if busy:
            _, still_busy = await asyncio.wait(busy, timeout=_READY_TIMEOUT.total_seconds())
            if still_busy:
                self._context.console.say("Running steps are stopped; they will be tried again.")
        await asyncio.gather(*(child.stop(grace=grace) for child in children))

    def kill(self) -> None:
        """End all workers now."""
        for child in self._children():
            child.kill()

    async def _judge(self, candidate: Child) -> Verdict:
        """What becomes of a worker that was just started; one whose sources have changed since is not waited for."""
        await self._until_changed(candidate.ready, candidate.exited)
        if candidate.ready.done() and candidate.is_alive:
            return "ready"
        if candidate.is_alive:
            return "outdated"
        return "refused" if candidate.exited.result() == _REFUSED else "died"

    def _install(self, candidate: Child, *, took: float) -> None:
        old, self._current, self._candidate = self._current, candidate, None
        if old is not None and old.is_alive:
            self._drain(old)
            self._context.console.say(f"Reloaded in {took:.1f} s.")
        self.first_ready.set()
        self.decided.set()

    def _drain(self, old: Child) -> None:
        """Let the old worker end the steps that it runs; of many old ones the oldest has to go."""
        old.terminate()
        self._draining = [child for child in self._draining if child.is_alive]
        self._draining.append(old)
        if len(self._draining) > _MOST_DRAINING:
            # Asked again it stops its running steps, and the new worker tries them again.
            self._draining.pop(0).terminate()

    def _report_refusal(self) -> None:
        lives = self._current is not None and self._current.is_alive
        state = "the worker from before goes on" if lives else "no worker is running"
        self._context.console.say(f"The project has faults, see above; {state}. Mend them and save.")
        self.decided.set()

    async def _until_changed(self, *events: asyncio.Future[None] | asyncio.Future[int]) -> None:
        changed = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait({changed, *events}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()

    def _children(self) -> Sequence[Child]:
        return [child for child in (self._candidate, self._current, *self._draining) if child is not None]
