"""How many requests of one server may wait for runs at a time: each holds a long poll of the engine's."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from output.errors import TooManyWaitsError
from output.models.references import RunRef


class WaitingRoom:
    """Counts waits, and refuses those beyond the limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0

    @contextmanager
    def seat(self, run: RunRef) -> Generator[None]:
        """Hold a place while waiting for a run. Raises TooManyWaitsError, which names the run."""
        if self._taken >= self._limit:
            raise TooManyWaitsError(self._limit, run=run)
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
