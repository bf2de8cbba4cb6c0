"""Waiting for a run on behalf of a client: until it ends, its time is up, the client leaves or the server closes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from starlette.requests import Request

from output.api.http.disconnect import ClientGoneError
from output.api.state import app_state
from output.errors import ServerStoppingError
from output.models.references import RunRef

T = TypeVar("T")


async def wait_for_client(request: Request, work: Coroutine[None, None, T], *, run: RunRef) -> T:
    """The result of `work`, which is cancelled in every other case; the workflow itself is left alone.

    Raises ServerStoppingError when a stopping server's grace is over, ClientGoneError.
    """
    closing = app_state(request).closing
    worker = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_wait_for_disconnect(request))
    stop = asyncio.ensure_future(closing.wait())
    try:
        done, _ = await asyncio.wait({worker, gone, stop}, return_when=asyncio.FIRST_COMPLETED)
        if worker in done:
            return await worker
        if gone in done:
            raise ClientGoneError
        raise ServerStoppingError(run=run)
    finally:
        for task in (worker, gone, stop):
            task.cancel()


async def _wait_for_disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
