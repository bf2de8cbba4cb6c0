"""Heartbeats of the steps that a worker runs: from its event loop, and from a thread while that is blocked."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from types import FrameType

import structlog
from structlog.typing import FilteringBoundLogger
from temporalio.api.common.v1 import Payload
from temporalio.bridge.proto import ActivityHeartbeat
from temporalio.converter import DataConverter
from temporalio.worker import Worker

from output.process.log_exceptions import is_authored
from output.worker.execution.step_context import Attempt

INTERVAL = 2.0  # seconds; a cancellation reaches a step with the answer to a heartbeat
_REPORT_AGAIN = 10.0  # seconds between two reports of a blocked loop
_TICK = 0.25  # seconds between two looks of the thread

log: FilteringBoundLogger = structlog.get_logger("output.worker")


@dataclass(slots=True)
class _Beating:
    attempt: Attempt
    token: bytes
    interval: float
    last: float  # when it was beaten last, by whichever of the two

    def is_late(self, now: float) -> bool:
        return now - self.last > self.interval + _TICK


def blocking_place(frame: FrameType | None) -> str | None:
    """The line of an author's that a thread is at, and the step's function that led there; None for our own waits."""
    authored: list[FrameType] = []
    while frame is not None:
        if is_authored(frame.f_code.co_filename):
            authored.append(frame)
        frame = frame.f_back
    if not authored:
        return None
    inner, outer = authored[0], authored[-1]
    return f"{inner.f_code.co_filename}:{inner.f_lineno} in {inner.f_code.co_name}, called by {outer.f_code.co_name}"


class Heartbeats:
    """Keeps the engine told of running attempts, so that a dead worker is noticed and a blocked one goes on.

    While the loop turns, it beats by the SDK's own way. The thread steps in only for attempts that are late.
    """

    def __init__(self) -> None:
        self._running: dict[int, _Beating] = {}
        self._record: Callable[[ActivityHeartbeat], None] | None = None
        self._converter = DataConverter.default
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._loop_thread = threading.get_ident()
        self._reported_at = 0.0

    def connect(self, worker: Worker, converter: DataConverter) -> None:
        """Let the thread send through the core of this worker: the SDK's `heartbeat` needs the loop to turn."""
        activities = worker._activity_worker  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] — no public way
        assert activities is not None, "every worker runs steps"
        bridge = activities._bridge_worker  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._record = lambda beat: bridge().record_activity_heartbeat(beat)
        self._converter = converter

    @contextmanager
    def keep(self, attempt: Attempt) -> Generator[None]:
        """Heartbeat while the block runs."""
        timeout = attempt.heartbeat_timeout
        if timeout is None:
            yield
            return
        interval = min(INTERVAL, timeout.total_seconds() / 3)
        beating = _Beating(attempt, attempt.task_token, interval, monotonic())
        loop = asyncio.get_running_loop()

        def beat() -> None:
            nonlocal following
            attempt.beat()
            beating.last = monotonic()
            following = loop.call_later(interval, beat)

        following = loop.call_later(interval, beat)  # no task: most steps end before the first
        self._running[id(beating)] = beating
        self._start_thread()
        try:
            yield
        finally:
            following.cancel()
            del self._running[id(beating)]

    def close(self) -> None:
        """End the thread."""
        self._closing.set()

    def _start_thread(self) -> None:
        if self._thread is None and self._record is not None:
            self._thread = threading.Thread(target=self._watch, name="heartbeats", daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        while not self._closing.wait(_TICK):
            now = monotonic()
            late = [beating for beating in tuple(self._running.values()) if beating.is_late(now)]
            if late and now - self._reported_at > _REPORT_AGAIN:
                self._reported_at = now
                self._report(late)
            for beating in late:
                self._beat(beating)

    def _report(self, late: Sequence[_Beating]) -> None:
        """Name the code that keeps the event loop, and with it every other step and workflow of this worker."""
        place = blocking_place(sys._current_frames().get(self._loop_thread))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] — made for debuggers
        if place is not None:
            log.warning(
                "an async step blocks the worker: make it a plain `def`, or call what blocks by `asyncio.to_thread`",
                at=place,
                steps=sorted({beating.attempt.step for beating in late}),
                run_ids=sorted({beating.attempt.run_id for beating in late})[:5],
            )

    def _beat(self, beating: _Beating) -> None:
        assert self._record is not None, "the thread starts once it is connected"
        try:
            details = self._details(beating.attempt)
            self._record(ActivityHeartbeat(task_token=beating.token, details=details))
        except Exception:  # the attempts of others still need theirs
            log.warning("heartbeat failed", step=beating.attempt.step, exc_info=True)
        beating.last = monotonic()

    def _details(self, attempt: Attempt) -> list[Payload]:
        if attempt.last_heartbeat is None:
            return []
        return asyncio.run(self._converter.encode([attempt.last_heartbeat]))
