"""The command line in a terminal: what a person sees after colours, cuts and redrawn lines."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte

from tests.support.command import OUTPUT
from tests.support.processes import clean_environment
from tests.support.waiting import SECONDS


class Terminal:
    """A command in a window of so many columns; `shown` is the window's text, `raw` all that came."""

    def __init__(self, *words: str, folder: Path, columns: int = 100, **variables: str) -> None:
        rows = 40
        self._window = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._window)
        self.raw = b""
        environment = clean_environment(**{"TERM": "xterm-256color", **variables})
        for name in {"NO_COLOR", "COLUMNS", "LINES"} - set(variables):
            environment.pop(name, None)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            OUTPUT, list(words), cwd=str(folder), env=environment, dimensions=(rows, columns), timeout=SECONDS
        )

    @property
    def shown(self) -> str:
        return "\n".join(line.rstrip() for line in self._window.display).strip()

    @property
    def lines(self) -> list[str]:
        return self.shown.splitlines()

    def wait_for(self, pattern: str) -> str:
        """The first match of a pattern in the window."""
        found: list[str] = []

        def is_shown() -> bool:
            match = re.search(pattern, self.shown, re.MULTILINE)
            if match:
                found.append(match[0])
            return match is not None

        self._read_until(is_shown)
        assert found, f"{pattern!r} was not shown:\n{self.shown}"
        return found[0]

    def press(self, keys: str) -> None:
        self._child.send(keys)

    def press_ctrl_c(self) -> None:
        self._child.sendintr()

    def wait(self) -> int:
        """The exit code."""
        self._read_until(lambda: False)
        self._child.close()
        assert self._child.exitstatus is not None, f"it ended by signal {self._child.signalstatus}"
        return self._child.exitstatus

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.close(force=True)

    def _read_until(self, is_enough: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not is_enough():
            assert time.monotonic() < deadline, f"nothing for too long:\n{self.shown}"
            try:
                data = self._child.read_nonblocking(65536, timeout=0.2)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return
            self.raw += data
            self._stream.feed(data)
