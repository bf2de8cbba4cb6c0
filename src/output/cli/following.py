"""Following a run to its end, and leaving it without stopping it."""

from __future__ import annotations

import sys
from collections.abc import Coroutine
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import typer

from output.cli.exit_codes import ExitCode
from output.cli.render.output import note, paint, print_json_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from output.cli.render.live import Display
    from output.cli.render.progress import Progress
    from output.client.client import Client
    from output.client.stream import StreamEvent
    from output.models.history import StreamDone
    from output.models.problems import Problem
    from output.models.references import RunRef

T = TypeVar("T")
_RETRY_SECONDS = 1.0
# Two looks at what is wrong with a run: the first soon, for a worker that is missing is missing at once.
_FIRST_LOOK_SECONDS, _LOOK_SECONDS = 1.0, 3.0

COMPLETED = "WORKFLOW_EXECUTION_COMPLETED"


def attend(work: Coroutine[None, None, T], *, ref: RunRef) -> T:
    """Run it until it is done; Ctrl-C leaves the run alone and says how to come back to it."""
    import asyncio

    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        note(f"\nDetached; {ref.workflow_id} goes on.")
        note(f"  follow it  output workflow monitor {ref.workflow_id}")
        note(f"  end it     output workflow stop {ref.workflow_id}")
        raise typer.Exit(ExitCode.INTERRUPTED) from None


async def show_progress(client: Client, ref: RunRef) -> tuple[RunRef, StreamDone]:
    """Show a run's progress until its end; returns which run ended, and how."""
    import asyncio

    from output.cli.render.live import open_display
    from output.cli.render.progress import Progress

    shown = _Shown(ref, Progress())
    with open_display(lambda: shown.progress) as display:
        watches = [
            asyncio.create_task(_watch_retries(client, shown, display)),
            asyncio.create_task(_watch_problems(client, lambda: shown.ref, display.say)),
        ]
        try:
            return await _show_events(client, shown, display)
        finally:
            for watch in watches:
                watch.cancel()


@dataclass(slots=True)
class _Shown:
    """The run that is being shown, and how far it is."""

    ref: RunRef
    progress: Progress


async def _show_events(client: Client, shown: _Shown, display: Display) -> tuple[RunRef, StreamDone]:
    from output.cli.render.progress import Progress
    from output.models.history import HistoryEvent, StreamOpened

    async with _stream(client, shown.ref) as events:
        async for event in events:
            if isinstance(event, StreamOpened):
                if shown.ref.run_id not in {None, event.run_id}:
                    shown.progress = Progress()
                shown.ref = replace(shown.ref, run_id=event.run_id)
            elif isinstance(event, HistoryEvent):
                change = shown.progress.take(event)
                if change is not None:
                    display.show(change)
            elif event.new_run_id is None:
                return shown.ref, event
    raise AssertionError  # a stream ends with its last run's end, or raises


async def _watch_retries(client: Client, shown: _Shown, display: Display) -> None:
    """Show failed attempts while their steps go on: the history tells of them only when the step has ended."""
    import asyncio

    from output.errors import OutputError

    while True:
        await asyncio.sleep(_RETRY_SECONDS)
        if not any(each.activity_id for each in shown.progress.running):
            continue
        ref = shown.ref
        try:
            pending = await client.runs.pending_steps(ref.workflow_id, run_id=ref.run_id)
        except OutputError:  # it is an extra: a server that is away, or older, shows up in the stream if it matters
            continue
        for change in shown.progress.take_pending(pending):
            display.show(change)


async def _watch_problems(client: Client, ref: Callable[[], RunRef], say: Callable[[str], None]) -> None:
    """Say why a run does not get on, once for each reason, and that it goes on again."""
    import asyncio

    from output.errors import OutputError

    told: Problem | None = None
    pause = _FIRST_LOOK_SECONDS
    while True:
        await asyncio.sleep(pause)
        pause = _LOOK_SECONDS
        try:
            found = (await client.runs.status(ref().workflow_id, run_id=ref().run_id)).problem
        except OutputError:  # an extra, as above
            continue
        if found is not None and found.kind == "step_failing":
            found = None  # its attempts are shown
        if found is not None and (told is None or (found.kind, found.message) != (told.kind, told.message)):
            say(f"{paint('!', 'red', stream=sys.stderr)} {paint(found.message, 'red', stream=sys.stderr)}")
        elif found is None and told is not None:
            say(f"{paint('✓', 'green', stream=sys.stderr)} it goes on")
        told = found


async def print_events(client: Client, ref: RunRef) -> StreamDone | None:
    """Print each event as a line of JSON, `{"event": ..., "data": ...}`; returns the last end."""
    import asyncio

    watch = asyncio.create_task(_watch_problems(client, lambda: ref, note))
    try:
        return await _print_events(client, ref)
    finally:
        watch.cancel()


async def _print_events(client: Client, ref: RunRef) -> StreamDone | None:
    from output.models.history import HistoryEvent, StreamOpened

    end: StreamDone | None = None
    async with _stream(client, ref) as events:
        async for event in events:
            if isinstance(event, StreamOpened):
                name = "workflow"
            elif isinstance(event, HistoryEvent):
                name = "history"
            else:
                name, end = "done", event
            print_json_line({"event": name, "data": event.model_dump(mode="json", by_alias=True)})
    return end


def say_end(ref: RunRef, end: StreamDone) -> None:
    """One line on how a run ended."""
    what = end.reason.removeprefix("WORKFLOW_EXECUTION_").lower()
    colour = "green" if end.reason == COMPLETED else "red"
    note(f"{paint(what, colour, stream=sys.stderr)}  {ref.workflow_id}")


def _stream(client: Client, ref: RunRef) -> aclosing[AsyncGenerator[StreamEvent, None]]:
    return aclosing(client.runs.stream(ref.workflow_id, run_id=ref.run_id, follow_runs=True))
