"""Tells hooks what happens, on a thread of their own, so that one that raises or hangs harms nothing."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import sys
import threading
from collections.abc import Awaitable, Sequence
from typing import Protocol, cast

import structlog

from output.authoring.hooks import Hook, HookEvent
from output.worker.project.importer import module_name
from output.worker.project.layout import Project

log = structlog.get_logger("output.worker")

CLOSE_SECONDS = 30.0  # how long hooks that still run are waited for at shutdown, and those before the start
MAX_RUNNING = 1_000
AnyHook = Hook[HookEvent]


class Hooks(Protocol):
    """Who is told of events; may be called from any thread and returns at once."""

    def report(self, event: HookEvent) -> None: ...


class NoHooks:
    """Nobody is told."""

    def report(self, event: HookEvent) -> None:
        del event


class HookRunner:
    """Runs hooks on a loop and a thread of their own; plain functions each on a further thread."""

    def __init__(self, hooks: Sequence[AnyHook]) -> None:
        self._hooks = tuple(hooks)
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        if self._hooks:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=_serve, args=(self._loop,), name="hooks", daemon=True).start()

    def report(self, event: HookEvent) -> None:
        """Start the hooks that want the event."""
        wanted = [hook for hook in self._hooks if hook.wants(event)]
        if wanted and self._loop is not None:
            self._loop.call_soon_threadsafe(self._start, wanted, event)

    async def report_and_wait(self, event: HookEvent) -> None:
        """Run the hooks that want the event, for up to 30 s; what still runs then goes on alone."""
        self.report(event)
        await self._settle()

    async def close(self) -> None:
        """Wait up to 30 s for hooks that still run, then give them up."""
        await self._settle()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None

    def _start(self, hooks: Sequence[AnyHook], event: HookEvent) -> None:
        loop = asyncio.get_running_loop()
        for hook in hooks:
            if len(self._running) >= MAX_RUNNING:
                log.warning("hook left out: too many still run", hook=str(hook.source), running=MAX_RUNNING)
                continue
            task = loop.create_task(_run(hook, event))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _settle(self) -> None:
        if self._loop is None:
            return
        settled = asyncio.run_coroutine_threadsafe(self._wait(), self._loop)
        try:
            # The hooks' own loop may hang, so the bound is kept on this one too.
            await asyncio.wait_for(asyncio.wrap_future(settled), CLOSE_SECONDS + 1)
        except TimeoutError:
            log.warning("hooks hang and are given up")

    async def _wait(self) -> None:
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=CLOSE_SECONDS)
            if late:
                log.warning("hooks still run and are given up", count=len(late))


def collect_hooks(project: Project) -> list[AnyHook]:
    """The hooks in the files that `[tool.output] hooks` names, in order; the files have been imported."""
    found: dict[int, AnyHook] = {}
    for file in project.hooks:
        module = sys.modules.get(module_name(project, file))
        for value in vars(module).values() if module is not None else ():
            if isinstance(value, Hook):
                found[id(cast("object", value))] = cast("AnyHook", value)
    return list(found.values())


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def _run(hook: AnyHook, event: HookEvent) -> None:
    try:
        if inspect.iscoroutinefunction(hook.function):
            await cast("Awaitable[None]", hook(event))
        else:
            await _on_thread(hook, event)
    except Exception:
        log.exception("a hook failed", hook=str(hook.source), event_id=event.event_id)


async def _on_thread(hook: AnyHook, event: HookEvent) -> None:
    # Not the executor's: its threads are few, and one that hangs would be waited for.
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[Awaitable[None] | None] = loop.create_future()

    def settle(result: Awaitable[None] | None, error: Exception | None) -> None:
        if ended.done():
            return
        if error is not None:
            ended.set_exception(error)
        else:
            ended.set_result(result)

    def work() -> None:
        try:
            result, error = hook(event), None
        except Exception as raised:  # noqa: BLE001 — handed to the one who waits, who logs it
            result, error = None, raised
        with contextlib.suppress(RuntimeError):  # given up meanwhile: its loop is closed
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name="hook", daemon=True).start()
    result = await ended
    if result is not None:
        await result
