"""How events are written into a `text/event-stream`."""

from __future__ import annotations

import random

from output.errors import OutputError
from output.models.history import StreamDone, StreamError, StreamOpened
from output.models.references import RunRef

KEEP_ALIVE = b": keep-alive\n\n"
BEHIND = b": this client reads too slowly and is disconnected; reconnect with the last event's ID\n\n"
STOPPING = b": the server is stopping; reconnect with the last event's ID\n\n"


def write_opening(run: StreamOpened) -> bytes:
    """The `workflow` event, and how long a browser waits before it reconnects: not all in the same moment."""
    pause = random.randint(500, 1500)
    return b"event: workflow\nretry: %d\ndata: %b\n\n" % (pause, run.model_dump_json(by_alias=True).encode())


def write_events(last_id: int, data: bytes) -> bytes:
    """A `history` event of a JSON array without line ends; its ID is the last event's."""
    return b"id: %d\nevent: history\ndata: %b\n\n" % (last_id, data)


def write_done(done: StreamDone) -> bytes:
    """The `done` event."""
    data = done.model_dump_json(by_alias=True, exclude_none=True).encode()
    return b"event: done\ndata: %b\n\n" % data


def write_error(error: OutputError, run: RunRef) -> bytes:
    """The `server_error` event."""
    body = StreamError(error=error.name, message=error.message, workflow_id=run.workflow_id, run_id=run.run_id or "")
    return b"event: server_error\ndata: %b\n\n" % body.model_dump_json(by_alias=True).encode()
