"""What is counted in a process, in the format of Prometheus."""

from __future__ import annotations

import platform

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import generate_latest

from output.version import VERSION

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OTHER = "(other)"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 21_600, 86_400)
SHORT = SECONDS[:13]  # of what nobody waits for longer than a minute


class Bounded:
    """Values of a label, of which only so many are told apart: names come from code and from errors, and a series for
    each of a million would end whoever stores them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: set[str] = set()

    def __call__(self, value: str) -> str:
        """The value, or `(other)` when there are as many others already."""
        if value in self._seen:
            return value
        if len(self._seen) >= self._limit:
            return OTHER
        self._seen.add(value)
        return value


def open_registry() -> CollectorRegistry:
    """A registry with what is true of every process: its version, memory, processor time and open files."""
    disable_created_metrics()  # a second series for each, which says when it began
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    about = Gauge("output_build_info", "The version, as labels; always 1.", ["version", "python"], registry=registry)
    about.labels(VERSION, platform.python_version()).set(1)
    return registry


def durations(
    registry: CollectorRegistry, name: str, about: str, labels: list[str], buckets: tuple[float, ...] = SECONDS
) -> Histogram:
    """A histogram of seconds."""
    return Histogram(name, about, labels, registry=registry, buckets=buckets)


def render(registry: CollectorRegistry, *others: bytes) -> bytes:
    """The text of a scrape: ours, and what others have written in the same format."""
    return b"".join([generate_latest(registry), *others])
