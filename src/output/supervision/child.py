"""One child process: its lines, what it says when it is ready, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from output.supervision.lines import LineSplitter
from output.supervision.log_stream import TITLES, Console, Source
from output.supervision.parent_death import Watchdog, die_with_parent

_KEPT_LINES = 25


@dataclass(frozen=True)
class Command:
    """A program, where it runs, and its environment; one that `announces` says on OUTPUT_READY_FD that it is ready."""

    source: Source
    words: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    announces: bool = True


@dataclass(frozen=True)
class ChildContext:
    """What all children share: where their lines go and who ends them if we cannot."""

    console: Console
    watchdog: Watchdog


class Child:
    """A running program; make it in the main thread, inside the event loop.

    `ready` is done when it says so, `exited` when it is gone, with the exit code (negative: the signal).
    """

    def __init__(self, command: Command, context: ChildContext) -> None:
        self.command = command
        self.last_lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._context = context
        self._loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = self._loop.create_future()
        self.exited: asyncio.Future[int] = self._loop.create_future()
        self._gone: asyncio.Future[int] = self._loop.create_future()
        self._silent: asyncio.Future[None] = self._loop.create_future()
        self._splitter = LineSplitter()
        self._announcement = bytearray()
        self._process = self._start()
        self.pid = self._process.pid
        context.watchdog.add(self.pid)
        self._ending = self._loop.create_task(self._end())
        threading.Thread(target=self._wait, daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return not self.exited.done()

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it now, with all that it started."""
        self._signal(signal.SIGKILL)

    async def stop(self, *, grace: timedelta) -> int:
        """Ask it to end, and end it when the grace time is over."""
        if self.is_alive:
            self.terminate()
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(self.exited), grace.total_seconds())
        self._context.console.say(
            f"The {TITLES[self.command.source]} did not end within {grace.total_seconds():g} s: killed."
        )
        self.kill()
        return await self.exited

    def _start(self) -> subprocess.Popen[bytes]:
        lines_read, lines_write = os.pipe()
        ready_read, ready_write = os.pipe()
        environment = dict(self.command.environment)
        if self.command.announces:
            environment["OUTPUT_READY_FD"] = str(ready_write)
        try:
            process = subprocess.Popen(
                self.command.words,
                cwd=self.command.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=lines_write,
                stderr=lines_write,
                pass_fds=(ready_write,) if self.command.announces else (),
                # Ctrl-C of the terminal is for us alone: we stop the children in order.
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 — one system call, and no lock that a thread could hold
            )
        finally:
            os.close(lines_write)
            os.close(ready_write)
        self._follow(lines_read, self._show)
        self._follow(ready_read, self._hear)
        return process

    def _follow(self, descriptor: int, take: Callable[[bytes], None]) -> None:
        os.set_blocking(descriptor, False)

        def read() -> None:
            try:
                data = os.read(descriptor, 65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._loop.remove_reader(descriptor)
                os.close(descriptor)
            take(data)

        self._loop.add_reader(descriptor, read)

    def _hear(self, data: bytes) -> None:
        self._announcement += data
        with contextlib.suppress(ValueError):
            if b"\n" in self._announcement and json.loads(self._announcement)["ready"] and not self.ready.done():
                self.ready.set_result(None)

    def _show(self, data: bytes) -> None:
        for line in self._splitter.feed(data):
            self.last_lines.append(line)
            self._context.console.line(self.command.source, line)
        if not data and not self._silent.done():
            self._silent.set_result(None)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if number is signal.SIGKILL:
                os.killpg(self.pid, number)
            elif self.is_alive:
                self._process.send_signal(number)

    def _wait(self) -> None:
        code = self._process.wait()
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._gone.set_result, code)

    async def _end(self) -> None:
        code = await self._gone
        # What it started and left behind goes with it; then its pipe closes, too.
        self._signal(signal.SIGKILL)
        self._context.watchdog.remove(self.pid)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._silent, 1)
        self.exited.set_result(code)
