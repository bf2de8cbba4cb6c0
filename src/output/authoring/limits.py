"""How often and how many at a time a step may run, over all workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

Period = Literal["second", "minute", "hour"]
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}


@dataclass(frozen=True)
class Rate:
    """At most `count` starts in each period, spread evenly: ten a minute are one every six seconds.

    Example:
        slowly = Rate(10, per="minute")
    """

    count: int
    per: Period = "second"

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int) or self.count < 1:  # pyright: ignore[reportUnnecessaryIsInstance] — authors may run no type checker
            raise ValueError(f"a rate's count is {self.count!r}; give 1 or more.")
        if self.per not in _SECONDS:
            raise ValueError(f"a rate is per {self.per!r}; give one of {', '.join(get_args(Period))}.")

    @property
    def interval(self) -> float:
        """Seconds from one start to the next."""
        return _SECONDS[self.per] / self.count


@dataclass(frozen=True)
class StepLimit:
    """The limits of a step; with `key`, which gets the step's arguments, of each key by itself."""

    concurrency: int | None = None
    rate: Rate | None = None
    key: Callable[..., object] | None = None


def make_limit(concurrency: int | None, rate: Rate | None, key: Callable[..., object] | None) -> StepLimit | None:
    """The limit that these options mean, None for none. Raises ValueError, TypeError."""
    if concurrency is None and rate is None:
        if key is not None:
            raise ValueError("key says of what a limit is; give concurrency or rate with it.")
        return None
    if concurrency is not None and (isinstance(concurrency, bool) or concurrency < 1):
        raise ValueError(f"concurrency is {concurrency!r}; give 1 or more.")
    if rate is not None and not isinstance(rate, Rate):  # pyright: ignore[reportUnnecessaryIsInstance] — as above
        raise TypeError(f'rate is {rate!r}; give a Rate, such as Rate(10, per="minute").')
    return StepLimit(concurrency, rate, key)
