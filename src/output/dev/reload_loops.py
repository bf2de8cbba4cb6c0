"""Files that are written whenever the worker starts: each start would be followed by another."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

_TIMES, _WITHIN = 4, 15.0  # a person does not save the same file so often; a start takes about a second


@dataclass(frozen=True)
class Loop:
    """The files whose changes are not heeded; `is_news` where one of them was heeded until now."""

    names: frozenset[str]
    is_news: bool

    def __bool__(self) -> bool:
        return bool(self.names)

    def __str__(self) -> str:
        return ", ".join(sorted(self.names))


class ReloadLoops:
    """Counts how often each file changed of late."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = {}

    def find(self, names: Sequence[str], now: float) -> Loop:
        """Which of the files that changed `now` (seconds) have done so too often."""
        looping: set[str] = set()
        is_news = False
        for name in names:
            times = self._times.setdefault(name, deque(maxlen=_TIMES + 1))
            times.append(now)
            recent = [time for time in times if now - time <= _WITHIN]
            if len(recent) >= _TIMES:
                looping.add(name)
                is_news = is_news or len(recent) == _TIMES
        return Loop(frozenset(looping), is_news)
