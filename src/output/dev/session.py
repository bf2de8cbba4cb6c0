"""One run of `output dev`: from the first child's start to the last one's end."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from output.dev.banner import print_banner, where
from output.dev.environment import ProjectEnvironment
from output.dev.http import is_ready, read_catalog
from output.dev.plan import Plan
from output.dev.reload_loops import ReloadLoops
from output.dev.worker_slot import WorkerSlot
from output.supervision.child import ChildContext
from output.supervision.supervisor import Supervisor

Facts = Mapping[str, str | int]

_GRACE = timedelta(seconds=5)
_READY_TIMEOUT = 10.0  # seconds until it is said what is being waited for
_ONE_PRESS = 0.25  # seconds; wrappers pass a Ctrl-C on that has reached us already
_ENGINE_HINT = " If its database is at fault, `output dev --fresh` starts a new one and keeps the old one beside it."


class Session:
    """The children of one `output dev` and how far they are; `started` is when it began, of the monotonic clock."""

    def __init__(self, plan: Plan, environment: ProjectEnvironment, context: ChildContext, *, started: float) -> None:
        self._stack = plan.stack
        self._console = context.console
        self._started = started
        self._environment = environment
        self._loops = ReloadLoops()
        engine = plan.engine
        self._engine = Supervisor(lambda: engine, context, hint=_ENGINE_HINT) if engine is not None else None
        self._api = Supervisor(plan.api, context)
        self._worker = WorkerSlot(plan.worker, context)
        self._stop = asyncio.Event()
        self._stopped_at: float | None = None
        self._was_killed = False

    async def run(self, *, on_ready: Callable[[Facts], None]) -> int:
        """Run until a signal or a child that keeps dying; returns the exit code, raises CrashLoopError."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._hear_signal)
        self._console.on_closed = self._stop.set
        supervisors = [each.run() for each in (self._engine, self._worker, self._api) if each is not None]
        tasks = [asyncio.create_task(work) for work in (*supervisors, self._welcome(on_ready), self._watch())]
        stop = asyncio.create_task(self._stop.wait())
        try:
            await self._until_stopped(stop, tasks)
        finally:
            for task in (*tasks, stop):
                task.cancel()
            await asyncio.wait((*tasks, stop))
            await self._stop_children()
        return 130 if self._was_killed else 0

    async def _until_stopped(self, stop: asyncio.Task[bool], tasks: list[asyncio.Task[None]]) -> None:
        waited: set[asyncio.Task[bool] | asyncio.Task[None]] = {stop, *tasks}
        while not stop.done():
            done, waited = await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    async def _stop_children(self) -> None:
        if self._stop.is_set():
            self._console.say("Stopping: worker, API, engine. Ctrl-C again kills them.")
        await self._worker.stop(_GRACE)
        await self._api.stop(_GRACE)
        if self._engine is not None:
            await self._engine.stop(_GRACE)
        self._console.say("Stopped.")

    def _hear_signal(self) -> None:
        now = time.monotonic()
        if self._stopped_at is None:
            self._stopped_at = now
            self._stop.set()
        elif now - self._stopped_at > _ONE_PRESS:
            self._was_killed = True
            for each in (self._worker, self._api, self._engine):
                if each is not None:
                    each.kill()

    async def _welcome(self, on_ready: Callable[[Facts], None]) -> None:
        """Say that all is up, as soon as it is."""
        late = asyncio.get_running_loop().call_later(_READY_TIMEOUT, self._report_what_is_missing)
        await asyncio.gather(self._api.first_ready.wait(), self._worker.decided.wait())
        while not await is_ready(self._stack):  # noqa: ASYNC110 — the server is another process
            await asyncio.sleep(0.05)
        late.cancel()
        if not self._worker.first_ready.is_set():
            self._console.say(
                "\n".join(["The API is up; the worker starts as soon as the project allows.", *where(self._stack)])
            )
            await self._worker.first_ready.wait()
        catalog = await read_catalog(self._stack)
        self._console.say(print_banner(self._stack, catalog, seconds=time.monotonic() - self._started))
        on_ready({"api": self._stack.api_url, "engine": self._stack.engine_address, "ui": self._stack.ui_url or ""})

    def _report_what_is_missing(self) -> None:
        missing = [
            name
            for name, event in (("the API", self._api.first_ready), ("the worker", self._worker.decided))
            if not event.is_set()
        ]
        engine = f"the engine at {self._stack.engine_address}"
        self._console.say(f"Still waiting for {' and '.join(missing) or engine}.")

    async def _watch(self) -> None:
        from output.dev.watch import watch_sources  # a tenth of a second, while the children start anyway

        await watch_sources(self._stack.project, self._on_change)

    def _on_change(self, files: frozenset[Path]) -> None:
        names = sorted(str(file.relative_to(self._stack.project)) for file in files)
        looping = self._loops.find(names, time.monotonic())
        if looping:
            if looping.is_news:
                self._console.say(
                    f"{looping} is written anew whenever the worker starts; its changes reload nothing any more. "
                    "Write it only when its content differs, or outside of what is imported."
                )
            names = [name for name in names if name not in looping.names]
        if not names:
            return
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        self._console.say(f"Changed: {', '.join(names[:3])}{more}.")
        if ".env" in names and self._environment.refresh():
            self._api.restart()
        self._worker.reload()
