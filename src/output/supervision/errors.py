"""A child that cannot be kept running."""

from __future__ import annotations

from collections.abc import Sequence

from output.supervision.log_stream import TITLES, Source


class CrashLoopError(Exception):
    """A child that died again and again; `last_lines` are the last that it wrote."""

    def __init__(
        self, source: Source, *, restarts: int, exit_code: int, last_lines: Sequence[str], hint: str = ""
    ) -> None:
        ended = f"by signal {-exit_code}" if exit_code < 0 else f"with exit code {exit_code}"
        super().__init__(f"The {TITLES[source]} keeps dying: {restarts} times, the last time {ended}.{hint}")
        self.source: Source = source
        self.exit_code = exit_code
        self.last_lines = tuple(last_lines)
