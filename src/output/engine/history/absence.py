"""How long an engine that is away is waited for behind an open stream."""

from __future__ import annotations

import time
from datetime import timedelta

from output.backoff import Backoff
from output.errors import EngineBusyError, EngineNotAvailableError, OutputError

LONGEST_ABSENCE = timedelta(seconds=60)
_BACKOFF = Backoff(first=timedelta(milliseconds=100), longest=timedelta(seconds=2))


class Absence:
    """Pauses between attempts, in seconds: growing, and no more once the engine was away for the `longest` time."""

    def __init__(self, *, longest: timedelta = LONGEST_ABSENCE) -> None:
        self._longest = longest.total_seconds()
        self._since: float | None = None
        self._attempts = 0

    def pause(self, error: OutputError) -> float:
        """How long to wait before the next attempt; raises the error when it is final."""
        if not isinstance(error, EngineNotAvailableError | EngineBusyError):
            raise error
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if now - self._since >= self._longest:
            raise error
        self._attempts += 1
        return _BACKOFF.pause(self._attempts).total_seconds()

    def reset(self) -> None:
        """The engine has answered."""
        self._since, self._attempts = None, 0
