"""Growing pauses between attempts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """The first pause, how much longer each next one is, and the longest.

    `spread` is the share of a pause that is left to randomness, so that many who failed together do not come back
    together.
    """

    first: timedelta
    longest: timedelta
    factor: float = 2.0
    spread: float = 0.0

    def pause(self, attempt: int) -> timedelta:
        """How long to wait after this attempt, counted from 1."""
        # Beyond some 60 doublings no timedelta is long enough; the longest pause is reached long before.
        full = min(self.first * self.factor ** min(attempt - 1, 30), self.longest)
        return full * random.uniform(1 - self.spread, 1.0) if self.spread else full
