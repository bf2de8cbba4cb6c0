"""`output dev` as a person runs it: in a terminal of its own, with its lines as they come."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.support.processes import clean_environment, free_port
from tests.support.waiting import SECONDS, wait_until


@dataclass(frozen=True)
class Family:
    """The processes below one, by what they are."""

    engine: int | None
    worker: int | None
    api: int | None

    @property
    def all(self) -> set[int]:
        return {pid for pid in (self.engine, self.worker, self.api) if pid is not None}


class Terminal:
    """A program in a pseudo-terminal; `screen` is all that it has shown."""

    def __init__(
        self, words: Sequence[str], *, folder: Path, environment: Mapping[str, str], descriptors: Sequence[int] = ()
    ) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            words,
            cwd=folder,
            env=dict(environment),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            pass_fds=tuple(descriptors),
            start_new_session=True,
        )
        os.close(slave)
        self._shown = bytearray()
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def screen(self) -> str:
        return bytes(self._shown).decode(errors="replace").replace("\r\n", "\n")

    def wait_for(self, pattern: str, *, after: int = 0, seconds: float = SECONDS) -> re.Match[str]:
        """Wait until it shows what matches, after a position in the screen; raises TimeoutError with the screen."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                found = re.compile(pattern, re.MULTILINE).search(self.screen, after)
                if found is not None:
                    return found
                left = deadline - time.monotonic()
                ended = not self._reader.is_alive()
                if left <= 0 or ended:
                    state = "it ended" if ended else "nothing for too long"
                    raise TimeoutError(f"{pattern!r} was not shown ({state}):\n{self.screen}")
                self._news.wait(min(left, 0.5))

    def press_ctrl_c(self) -> None:
        """As a terminal does it: the signal goes to the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait(self, *, seconds: float = SECONDS) -> int:
        """The exit code."""
        code = self.process.wait(seconds)
        self._reader.join(timeout=5)
        return code

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(timeout=10)
        os.close(self._master)

    def _read(self) -> None:
        while True:
            readable, _, _ = select.select([self._master], [], [], 0.2)
            if not readable:
                if self.process.poll() is not None:
                    return
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:  # the last one that had the terminal is gone
                data = b""
            with self._news:
                self._shown += data
                self._news.notify_all()
            if not data:
                return


class Announced(Terminal):
    """A program that says on OUTPUT_READY_FD that all is up."""

    def __init__(self, words: Sequence[str], *, folder: Path, **variables: str) -> None:
        self._ready, writable = os.pipe()
        environment = clean_environment(OUTPUT_READY_FD=str(writable), TERM="xterm", **variables)
        if "NO_COLOR" not in variables:
            environment.pop("NO_COLOR", None)
        super().__init__(words, folder=folder, environment=environment, descriptors=[writable])
        os.close(writable)

    def wait_ready(self) -> str:
        """The API's URL, once all is up."""
        readable, _, _ = select.select([self._ready], [], [], SECONDS)
        line = os.read(self._ready, 65536) if readable else b""
        if not line:
            raise TimeoutError(f"it did not get ready:\n{self.screen}")
        return str(json.loads(line)["api"])

    def close(self) -> None:
        super().close()
        os.close(self._ready)


class Dev(Announced):
    """`output dev` of a project on ports of its own."""

    def __init__(self, project: Path, *options: str, **variables: str) -> None:
        words = [sys.executable, "-m", "output.dev", str(project), *(options or DEFAULT_PORTS)]
        super().__init__(words, folder=project if project.exists() else project.parent, **variables)

    def family(self) -> Family:
        """Its children, as they are now."""
        found: dict[str, int] = {}
        for child in psutil.Process(self.process.pid).children():
            words = child.cmdline()
            for name, mark in (("engine", "start-dev"), ("worker", "output.worker"), ("api", "output.api")):
                if mark in words:
                    found[name] = child.pid
        return Family(found.get("engine"), found.get("worker"), found.get("api"))


class LightDev(Announced):
    """`output dev` with stand-ins for its children, whose behaviour and events are files in a folder."""

    def __init__(self, folder: Path, **behaviours: str) -> None:
        self.folder = folder
        for role, behaviour in behaviours.items():
            (folder / role).write_text(behaviour)
        root = Path(__file__).parents[2]
        words = [sys.executable, "-m", "tests.support.dev_light", str(folder), str(free_port())]
        super().__init__(words, folder=root, NO_COLOR="1")

    def wait_ready(self) -> str:
        """As of the real one; the engine's stand-in, which serves nothing to ask for, has begun as well."""
        url = super().wait_ready()
        wait_until(lambda: self.pids("engine"), "the start of the engine's stand-in")
        return url

    @property
    def events(self) -> list[tuple[str, str, int]]:
        """Who did what, with its process ID, in order."""
        lines = (self.folder / "events").read_text().splitlines()
        words = [line.rsplit(" ", 1) for line in lines]
        return [(*what.split(" ", 1), int(pid)) for what, pid in words]  # type: ignore[misc]  # two words each

    def pids(self, role: str) -> list[int]:
        """The processes that have played a role, oldest first."""
        return list(dict.fromkeys(pid for who, _, pid in self.events if who == role))


DEFAULT_PORTS = ("--port", "0", "--engine-port", "0", "--ui-port", "0")


def wait_until_gone(pids: set[int], *, seconds: float = SECONDS) -> set[int]:
    """Those of the processes that are still there after at most so long."""
    gone, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=seconds)
    del gone
    return {process.pid for process in alive if process.status() != psutil.STATUS_ZOMBIE}
