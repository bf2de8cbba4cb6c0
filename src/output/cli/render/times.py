"""Times and durations as people say them."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def describe_time(milliseconds: int) -> str:
    """`2026-03-06 10:30:45` in the local zone; takes ms since the epoch."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def describe_age(milliseconds: int) -> str:
    """`2 min ago`; takes ms since the epoch."""
    seconds = int(time.time() - milliseconds / 1000)
    if seconds < 1:
        return "just now"
    return f"{seconds} s ago" if seconds < 60 else f"{describe_duration(seconds * 1000)} ago"


def describe_duration(milliseconds: float) -> str:
    """`340 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`."""
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for size, unit, smaller_size, smaller_unit in (
        (86400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            rest = whole % size // smaller_size
            return f"{whole // size} {unit} {rest} {smaller_unit}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"
