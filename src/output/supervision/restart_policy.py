"""How often a child dies, and how long to wait before it is started again."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

from output.backoff import Backoff

_WINDOW = timedelta(seconds=30)
_MOST = 5
_MOST_UNREADY = 3
_BACKOFF = Backoff(first=timedelta(milliseconds=200), longest=timedelta(seconds=30))


class RestartPolicy:
    """The recent deaths of one child; times are seconds of a monotonic clock.

    It is given up after five deaths in 30 seconds, and after three in a row in which it did not even get ready:
    that takes it several seconds each time, so that five may never fall into the window.
    """

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_MOST)
        self._unready = 0

    @property
    def count(self) -> int:
        return max(len(self._times), self._unready)

    def record(self, now: float, *, was_ready: bool) -> timedelta | None:
        """The pause before the next start, doubled with each recent death; None when it is of no use any more."""
        while self._times and now - self._times[0] > _WINDOW.total_seconds():
            self._times.popleft()
        self._times.append(now)
        self._unready = 0 if was_ready else self._unready + 1
        if len(self._times) >= _MOST or self._unready >= _MOST_UNREADY:
            return None
        return _BACKOFF.pause(len(self._times))
