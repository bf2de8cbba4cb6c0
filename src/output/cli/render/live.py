"""Progress as a person sees it: a live part in a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from output.cli.render.output import Colour, note, paint
from output.cli.render.table import cut
from output.cli.render.times import describe_duration
from output.config.light import read_variables

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

    from output.cli.render.progress import Doing, Progress, Stage
    from output.models.pending import PendingStep

_MARKS: dict[Stage, tuple[str, Colour]] = {
    "running": ("·", "cyan"),
    "retrying": ("↻", "yellow"),
    "done": ("✓", "green"),
    "failed": ("✗", "red"),
    "canceled": ("-", "yellow"),
    "noted": ("→", "cyan"),
}
_MOST_LIVE_LINES = 8


class Display(Protocol):
    """Shows what changes."""

    def show(self, doing: Doing) -> None: ...

    def say(self, line: str) -> None: ...


@contextmanager
def open_display(progress: Callable[[], Progress]) -> Generator[Display, None, None]:
    """A display of a run's progress; what is still running is shown live if a person looks."""
    if not sys.stderr.isatty() or read_variables().terminal == "dumb":
        yield _Lines()
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    with Live(_Running(progress), console=console, transient=True, refresh_per_second=10) as live:
        yield _Above(live)


class _Lines:
    """One line for each change."""

    def show(self, doing: Doing) -> None:
        note(_line(doing))

    def say(self, line: str) -> None:
        note(line)


class _Above:
    """Ended things stay above the live part; running ones are in it."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def show(self, doing: Doing) -> None:
        if doing.stage not in {"running", "retrying"}:
            self._live.console.out(_line(doing), highlight=False)

    def say(self, line: str) -> None:
        self._live.console.out(line, highlight=False)


class _Running:
    """The live part: a line for each running thing, with the time that it has taken so far."""

    def __init__(self, progress: Callable[[], Progress]) -> None:
        self._progress = progress

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.spinner import Spinner
        from rich.text import Text

        running, now = self._progress().running, datetime.now(UTC)
        lines: list[RenderableType] = [
            Spinner("dots", text=Text(_live_line(each, now), no_wrap=True, overflow="ellipsis"), style="cyan")
            for each in running[:_MOST_LIVE_LINES]
        ]
        if len(running) > _MOST_LIVE_LINES:
            lines.append(Text(f"  and {len(running) - _MOST_LIVE_LINES} more"))
        return Group(*lines) if lines else Spinner("dots", text=Text("waiting"), style="bright_black")


def _line(doing: Doing) -> str:
    mark, colour = _MARKS[doing.stage]
    took = doing.milliseconds
    said = [f"{paint(mark, colour, stream=sys.stderr)} {cut(doing.name, 60)}"]
    if doing.stage == "failed":
        said.append("failed")
    elif doing.stage == "canceled":
        said.append("canceled")
    if took is not None:
        said.append(describe_duration(took))
    if doing.retry is not None:
        said.append(_describe_retry(doing.retry, datetime.now(UTC)))
    elif doing.attempts > 1:
        said.append(f"({doing.attempts} attempts)")
    return "  ".join(said)


def _live_line(doing: Doing, now: datetime) -> str:
    took = describe_duration(_since(doing.began, now))
    retry = "" if doing.retry is None else f"  {_describe_retry(doing.retry, now)}"
    return f"{doing.name}  {took}{retry}"


def _describe_retry(step: PendingStep, now: datetime) -> str:
    """`attempt 2 of 6 failed: OSError: no route; next in 3.8 s`, or the attempt that is under way."""
    bound = "" if step.max_attempts is None else f" of {step.max_attempts}"
    why = "" if step.error is None else f": {step.error.name}: {step.error.message.partition(chr(10))[0]}"
    if step.next_attempt_at is None:
        return f"attempt {step.attempt}{bound}, the last failed{why}"
    wait = max(0.0, step.next_attempt_at - now.timestamp() * 1000)
    return f"attempt {step.attempt - 1}{bound} failed, next in {describe_duration(wait)}{why}"


def _since(began: datetime, now: datetime) -> float:
    return max(0.0, (now - began).total_seconds() * 1000)
