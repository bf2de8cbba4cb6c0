"""One run's events as they happen: polled once, rendered once, read by any number of viewers."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from temporalio.api.history.v1 import HistoryEvent

from output.engine.history.absence import Absence
from output.engine.history.end import end_of
from output.engine.history.events import event_writer
from output.engine.history.reader import EnginePage, HistoryReader, PinnedRun
from output.engine.run_end import is_terminal
from output.errors import InternalServerError, OutputError, ValidationError
from output.models.history import StreamDone

log = structlog.get_logger("output.engine")

POLL_WAIT = timedelta(seconds=29)  # the engine itself answers after 20 s
# Rendered in one go: what a viewer costs the others at most.
_CHUNK_EVENTS = 250
_CHUNK_BYTES = 256 * 1024

# Wraps a JSON array of events, of which the last one's ID is given, for the wire.
Frame = Callable[[int, bytes], bytes]


@dataclass(slots=True)
class Chunk:
    """Events in order, and what they look like to viewers with and without payloads."""

    events: Sequence[HistoryEvent]
    size: int
    rendered: dict[bool, bytes] = field(default_factory=dict[bool, bytes])

    @property
    def first_id(self) -> int:
        return self.events[0].event_id

    @property
    def last_id(self) -> int:
        return self.events[-1].event_id


def split(page: EnginePage, *, after: int) -> list[Chunk]:
    """The page's events after an ID, in pieces that are quickly rendered and sent."""
    events = page.events[page.index_after(after) :]
    if not events:
        return []
    each = max(1, page.size // len(page.events))
    count = max(1, min(_CHUNK_EVENTS, _CHUNK_BYTES // each))
    pieces = [events[start : start + count] for start in range(0, len(events), count)]
    return [Chunk(piece, each * len(piece)) for piece in pieces]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOptions:
    """`frame` makes what viewers get, `limit` says how many bytes a channel may hold now.

    An engine that is away is waited for as long as `absence`.
    """

    frame: Frame
    limit: Callable[[], int]
    absence: timedelta


class Channel:
    """The newest part of one run's history, kept up to date by one long poll while somebody looks.

    It ends with `end` set (the run is over) or `fault` set (nothing more will come of it).
    """

    def __init__(self, run: PinnedRun, reader: HistoryReader, options: ChannelOptions) -> None:
        self.run = run
        self.reader = reader
        self.last_id = 0
        self.end: StreamDone | None = None
        self.error: OutputError | None = None
        self.viewers: set[asyncio.Event] = set()
        self.is_stopping = False
        self._options = options
        self._chunks: list[Chunk] = []
        self._ends: list[int] = []
        self._held = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def is_polling(self) -> bool:
        """Whether it holds one of the engine's long polls."""
        return self.end is None and self.error is None

    @property
    def has_caught_up(self) -> bool:
        """Whether all that had happened when it was opened was read."""
        return self.last_id >= self.run.summary.history_length

    def open(self) -> None:
        """Begin to read."""
        self._task = asyncio.create_task(self._follow(), name=f"history of {self.run.ref}")

    def stop(self) -> None:
        """Tell the viewers that nothing more comes."""
        self.is_stopping = True
        self._wake()

    async def close(self) -> None:
        """Stop reading; the poll at the engine ends too."""
        self.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def chunk_after(self, event_id: int) -> Chunk | None:
        """The chunk with the next event, None when it is not held: not there yet, or let go already."""
        if not self._chunks or self._chunks[0].first_id > event_id + 1:
            return None
        index = bisect_right(self._ends, event_id)
        return self._chunks[index] if index < len(self._chunks) else None

    def frame(self, chunk: Chunk, *, after: int, include_payloads: bool) -> bytes:
        """The chunk's events after an ID as viewers get them; a whole chunk is rendered once for all of them."""
        if chunk.first_id <= after:
            return self.render(
                [event for event in chunk.events if event.event_id > after], include_payloads=include_payloads
            )
        frame = chunk.rendered.get(include_payloads)
        if frame is None:
            frame = chunk.rendered[include_payloads] = self.render(chunk.events, include_payloads=include_payloads)
            chunk.size += len(frame)
            self._held += len(frame)
        return frame

    def new_absence(self) -> Absence:
        """How long an engine that is away is waited for."""
        return Absence(longest=self._options.absence)

    def render(self, events: Sequence[HistoryEvent], *, include_payloads: bool) -> bytes:
        """Events as viewers get them."""
        data = event_writer(include_payloads=include_payloads).write(events)
        return self._options.frame(events[-1].event_id, data)

    async def _follow(self) -> None:
        try:
            await self._read_to_the_end()
        except OutputError as error:
            self.error = error
        except Exception:
            log.exception("history cannot be followed", workflow_id=self.run.ref.workflow_id)
            self.error = InternalServerError()
        self._wake()

    async def _read_to_the_end(self) -> None:
        known = self.run.summary.history_length
        token = b""
        absence = self.new_absence()
        while True:
            try:
                if self.last_id < known:
                    page = await self.reader.read(self.run.ref, token, known=known)
                else:
                    page = await self.reader.poll(self.run.ref, token, wait=POLL_WAIT)
                end = await self._end_of(page)
            except ValidationError:
                if not token:
                    raise
                # The engine no longer knows the token; what was read is skipped.
                token, known = b"", max(known, self.last_id + 1)
                continue
            except OutputError as error:
                await asyncio.sleep(absence.pause(error))
                continue
            absence.reset()
            token = page.next_token
            self._append(page, end)
            if end is not None:
                return
            if not token:
                raise InternalServerError  # the engine says that all was read, and the last event is none

    async def _end_of(self, page: EnginePage) -> StreamDone | None:
        # Known before the last event is shown: a viewer gets both in one piece.
        if not page.events or not is_terminal(page.events[-1]):
            return None
        return await end_of(self.reader, self.run, page.events[-1])

    def _append(self, page: EnginePage, end: StreamDone | None) -> None:
        self.end = end
        chunks = split(page, after=self.last_id)
        if not chunks:
            return
        for chunk in chunks:
            self._chunks.append(chunk)
            self._ends.append(chunk.last_id)
            self._held += chunk.size
        self.last_id = chunks[-1].last_id
        self._let_go(keep=len(chunks))
        self._wake()

    def _let_go(self, *, keep: int) -> None:
        # What has just come stays, whatever its size: nobody has had the time to take it.
        limit = self._options.limit()
        count = 0
        while self._held > limit and count < len(self._chunks) - keep:
            self._held -= self._chunks[count].size
            count += 1
        del self._chunks[:count]
        del self._ends[:count]

    def _wake(self) -> None:
        for viewer in self.viewers:
            viewer.set()
