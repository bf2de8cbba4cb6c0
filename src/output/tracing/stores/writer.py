"""Writing to a store behind the back of the run: a bounded queue, retries, and a line in the log."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import timedelta
from itertools import count

from output.backoff import Backoff
from output.tracing.stores.store import Chunk, TraceStore, TraceStoreError

log = logging.getLogger("output.tracing")

_MAX_WAITING_BYTES = 32 * 1024 * 1024
_BACKOFF = Backoff(first=timedelta(milliseconds=200), longest=timedelta(seconds=5))
_SLOW_FILE = 0.05  # seconds of a write to a file after which threads write
_GIVE_UP_AFTER = 120.0  # seconds that one chunk is tried for


class StoreWriter:
    """Threads that take chunks to one store; one keeps the order, which a store that appends needs."""

    def __init__(self, store: TraceStore, *, threads: int, max_waiting_bytes: int = _MAX_WAITING_BYTES) -> None:
        self.store = store
        self._max_waiting = max_waiting_bytes
        self._waiting = 0
        self._queue: queue.SimpleQueue[tuple[Chunk, Future[bool]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._is_up = True
        self._lost = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"trace-{store.source}", daemon=True) for _ in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_up(self) -> bool:
        """Whether the store took what it was last given, and in time."""
        return self._is_up

    def write(self, chunk: Chunk) -> Future[bool]:
        """Queue a chunk; the future tells whether it was stored. Never blocks: what does not fit is lost."""
        done: Future[bool] = Future()
        with self._lock:
            fits = self._waiting + len(chunk.data) <= self._max_waiting
            if fits:
                self._waiting += len(chunk.data)
            else:
                self._lost += 1
        if fits:
            self._queue.put((chunk, done))
        else:
            self._mark_down("what waits for it fills the queue; newer records are dropped")
            done.set_result(False)
        return done

    def write_now(self, chunk: Chunk) -> Future[bool]:
        """Like `write`, but where that is quicker than handing over to a thread, the caller itself writes.

        That is so for files, as long as they are quick and nothing waits in the queue.
        """
        if self.store.source == "remote" or not self._is_up or self._waiting:
            return self.write(chunk)
        started = time.monotonic()
        try:
            self.store.append(chunk)
        except TraceStoreError as error:
            self._mark_down(str(error))
            return self.write(chunk)
        if time.monotonic() - started > _SLOW_FILE:
            self.mark_slow()
        done: Future[bool] = Future()
        done.set_result(True)
        return done

    def mark_slow(self) -> None:
        """Let nobody wait for this store until it is quick again."""
        self._mark_down("it answers slowly")

    def close(self, *, seconds: float) -> None:
        """Write what is queued, for at most so long."""
        for _ in self._threads:
            self._queue.put(None)
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._closing.set()

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            chunk, done = item
            stored = self._store(chunk)
            with self._lock:
                self._waiting -= len(chunk.data)
            done.set_result(stored)

    def _store(self, chunk: Chunk) -> bool:
        started = time.monotonic()
        for attempt in count(1):
            tried = time.monotonic()
            try:
                self.store.append(chunk)
            except TraceStoreError as error:
                self._mark_down(str(error))
                out_of_time = time.monotonic() - started > _GIVE_UP_AFTER
                if not error.is_passing or out_of_time or self._closing.wait(_BACKOFF.pause(attempt).total_seconds()):
                    self._count_lost()
                    return False
            except Exception:  # a thread's edge: it must outlive a fault of ours
                log.exception("a trace record could not be stored")
                return False
            else:
                if time.monotonic() - tried < PATIENCE[self.store.source]:
                    self._mark_up()
                return True
        raise AssertionError  # `count` does not end

    def _mark_down(self, reason: str) -> None:
        with self._lock:
            was_up, self._is_up = self._is_up, False
        if was_up:
            log.warning("%s trace store is not keeping up; runs go on without it: %s", self.store.source, reason)

    def _mark_up(self) -> None:
        with self._lock:
            was_up, self._is_up = self._is_up, True
            lost, self._lost = (self._lost, 0) if not was_up else (0, self._lost)
        if not was_up:
            log.warning("%s trace store works again; %d records were lost", self.store.source, lost)

    def _count_lost(self) -> None:
        with self._lock:
            self._lost += 1


# Seconds that the end of an attempt may wait for a store that works.
PATIENCE = {"local": 0.5, "remote": 0.25}


def open_writers(stores: Sequence[TraceStore]) -> list[StoreWriter]:
    """A writer for each store."""
    return [StoreWriter(store, threads=1 if store.source == "local" else 4) for store in stores]
