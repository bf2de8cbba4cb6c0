"""How often a child dies, and how long to wait before it is started again."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

_WINDOW = timedelta(seconds=30)
_MOST = 5
_FIRST_PAUSE = timedelta(milliseconds=200)


class Deaths:
    """The recent deaths of one child; times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_MOST)

    @property
    def count(self) -> int:
        return len(self._times)

    def record(self, now: float) -> timedelta | None:
        """The pause before the next start, doubled with each recent death; None when it is of no use any more."""
        while self._times and now - self._times[0] > _WINDOW.total_seconds():
            self._times.popleft()
        self._times.append(now)
        return None if len(self._times) >= _MOST else _FIRST_PAUSE * 2 ** (len(self._times) - 1)
