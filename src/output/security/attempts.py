"""Guesses slowed down, address by address: who is right waits for nobody."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cachetools import TTLCache

_FREE = 20  # wrong ones in a row that cost nothing: a deployment with an old token in a few places
_FIRST, _LONGEST = 0.1, 1.0  # seconds of pause, which doubles
_MOST_WAITING = 5.0  # seconds that a request is kept waiting before it is sent away
_FORGOTTEN_AFTER = 60.0  # seconds
_ADDRESSES = 10_000


@dataclass
class _Record:
    wrong: int = 0
    free_at: float = 0.0


@dataclass(frozen=True)
class Turn:
    """When a guess is looked at; one that is not admitted is sent away, and may come again after the wait."""

    wait: timedelta
    admitted: bool = True


class Attempts:
    """Counts guesses by address; an address without a wrong one for a minute is forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records: TTLCache[str, _Record] = TTLCache(_ADDRESSES, _FORGOTTEN_AFTER, timer=clock)

    def begin(self, address: str) -> Turn:
        """Count a guess as wrong until it is forgiven."""
        group = _group(address)
        record = self._records.get(group) or _Record()
        self._records[group] = record  # from now on for another minute
        record.wrong += 1
        if record.wrong <= _FREE:
            return Turn(timedelta())
        pause = min(_LONGEST, _FIRST * 2 ** min(record.wrong - _FREE - 1, 10))
        free_at = max(self._clock(), record.free_at) + pause
        wait = free_at - self._clock()
        if wait > _MOST_WAITING:
            return Turn(timedelta(seconds=wait), admitted=False)
        record.free_at = free_at
        return Turn(timedelta(seconds=wait))

    def forgive(self, address: str) -> None:
        """The guess was right."""
        if record := self._records.get(_group(address)):
            record.wrong -= 1


def _group(address: str) -> str:
    """An address of IPv4, and of IPv6 the network of 64 bits, which one machine has for itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
