"""How a step is tried: time-outs, retries, priority; merged from weak to strong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Literal, TypedDict, TypeVar

Cancellation = Literal["try_cancel", "wait_completed", "abandon"]
_RETRY_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "max_attempts": int,
    "initial_interval": timedelta,
    "backoff_coefficient": (float, int),
    "max_interval": timedelta,
    "non_retryable": tuple,
}


@dataclass(frozen=True, kw_only=True)
class Retry:
    """When a failed step is tried again; what is not given comes from the next weaker options.

    `max_attempts` counts the first try; 0 means no bound. The pause before attempt n+1 is
    `initial_interval * backoff_coefficient ** (n - 1)`, at most `max_interval` (or `initial_interval`,
    if that is longer). Exceptions of a type in `non_retryable` (its name, or the class) are not tried
    again, like a `FatalError`.

    Example:
        patient = Retry(max_attempts=10, initial_interval=timedelta(seconds=1), max_interval=timedelta(minutes=1))

        @step(retry=patient)
        async def reach() -> str:
            return "reached"

        assert await reach() == "reached"
    """

    max_attempts: int | None = None
    initial_interval: timedelta | None = None
    backoff_coefficient: float | None = None
    max_interval: timedelta | None = None
    non_retryable: tuple[type[BaseException] | str, ...] | None = None

    def __post_init__(self) -> None:
        require_types(self, _RETRY_TYPES)
        if self.max_attempts is not None and self.max_attempts < 0:
            raise ValueError(f"max_attempts is {self.max_attempts}; give 1 or more, or 0 for no bound.")
        if self.backoff_coefficient is not None and self.backoff_coefficient < 1:
            raise ValueError(f"backoff_coefficient is {self.backoff_coefficient}; give 1 or more.")
        _require_positive(self)


class ActivityOptionValues(TypedDict, total=False):
    """The keywords of `@step` and `with_options`."""

    timeout: timedelta
    schedule_to_close: timedelta
    schedule_to_start: timedelta
    heartbeat_timeout: timedelta
    retry: Retry
    cancellation: Cancellation
    priority: int
    summary: str


@dataclass(frozen=True, kw_only=True)
class ActivityOptions:
    """Options of a step's activity; None means not given.

    `timeout` bounds one attempt (start-to-close), `schedule_to_close` all of them together,
    `schedule_to_start` the wait for a worker, `heartbeat_timeout` the silence of a running attempt
    (heartbeats are sent for the author). `priority` is 1 (first) to 5; `summary` is a line for the engine's UI.
    """

    timeout: timedelta | None = None
    schedule_to_close: timedelta | None = None
    schedule_to_start: timedelta | None = None
    heartbeat_timeout: timedelta | None = None
    retry: Retry | None = None
    cancellation: Cancellation | None = None
    priority: int | None = None
    summary: str | None = None

    def __post_init__(self) -> None:
        require_types(self, _OPTION_TYPES)
        if self.cancellation not in {None, "try_cancel", "wait_completed", "abandon"}:
            raise ValueError(f"cancellation is {self.cancellation!r}; give try_cancel, wait_completed or abandon.")
        if self.priority is not None and not 1 <= self.priority <= 5:
            raise ValueError(f"priority is {self.priority}; give 1 (first) to 5.")
        _require_positive(self)


_OPTION_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "timeout": timedelta,
    "schedule_to_close": timedelta,
    "schedule_to_start": timedelta,
    "heartbeat_timeout": timedelta,
    "retry": Retry,
    "priority": int,
    "summary": str,
}
_EXAMPLES: Mapping[type, str] = {
    timedelta: "a timedelta, such as timedelta(seconds=30)",
    Retry: "a Retry, such as Retry(max_attempts=5)",
}


def require_types(options: object, types: Mapping[str, type | tuple[type, ...]]) -> None:
    """Raise TypeError for a value of another type than its name asks for; None is none."""
    for name, kind in types.items():
        value = getattr(options, name)
        is_number = isinstance(value, bool) and kind is not bool  # True is no 1 here
        if value is not None and (is_number or not isinstance(value, kind)):
            first = kind[0] if isinstance(kind, tuple) else kind
            raise TypeError(f"{name} is {value!r}; give {_EXAMPLES.get(first, f'a value of type {first.__name__}')}.")


Options = TypeVar("Options", ActivityOptions, Retry)


def merge(*weak_to_strong: ActivityOptions | None) -> ActivityOptions:
    """One set of options in which the last given value of each wins, inside `retry` too."""
    merged = ActivityOptions()
    for options in weak_to_strong:
        if options is None:
            continue
        retry = options.retry
        if retry is not None and merged.retry is not None:
            retry = _override(merged.retry, retry)
        merged = replace(_override(merged, options), retry=retry or merged.retry)
    return merged


def _override(weak: Options, strong: Options) -> Options:
    return replace(weak, **_given(strong))


def _given(options: ActivityOptions | Retry) -> Mapping[str, object]:
    values = {field.name: getattr(options, field.name) for field in fields(options)}
    return {name: value for name, value in values.items() if value is not None}


def _require_positive(options: ActivityOptions | Retry) -> None:
    for name, value in _given(options).items():
        if isinstance(value, timedelta) and value <= timedelta():
            raise ValueError(f"{name} is {value}; give a positive timedelta.")


# A quick step holds its run's workflow task while it works: the engine takes a task away that is silent for 10 s, and
# the SDK's core keeps it alive only by reporting in between. Beyond this an ordinary step costs no more.
QUICK_LIMIT = timedelta(seconds=10)
QUICK_DEFAULTS = ActivityOptions(
    timeout=timedelta(seconds=5),
    retry=Retry(
        max_attempts=3,
        initial_interval=timedelta(milliseconds=200),
        backoff_coefficient=2.0,
        max_interval=timedelta(minutes=2),
        non_retryable=(),
    ),
    cancellation="try_cancel",
)
DEFAULTS = ActivityOptions(
    timeout=timedelta(minutes=20),
    heartbeat_timeout=timedelta(seconds=60),
    retry=Retry(
        max_attempts=3,
        initial_interval=timedelta(seconds=10),
        backoff_coefficient=2.0,
        max_interval=timedelta(minutes=2),
        non_retryable=(),
    ),
    cancellation="try_cancel",
)


def check_quick(options: ActivityOptions | None) -> None:
    """Raise ValueError for what a quick step cannot have."""
    if options is None:
        return
    for name in ("heartbeat_timeout", "schedule_to_start", "priority"):
        if getattr(options, name) is not None:
            raise ValueError(f"{name} means nothing for a quick step; leave it out, or make it an ordinary step.")
    if options.timeout is not None and options.timeout > QUICK_LIMIT:
        raise ValueError(
            f"timeout is {options.timeout}; a quick step takes at most {QUICK_LIMIT.total_seconds():g} s. "
            "Make it an ordinary step."
        )
