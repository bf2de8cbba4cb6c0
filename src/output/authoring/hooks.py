"""Hooks: an author's functions that are told what happens on a worker, and never hold it up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from output.authoring.schema.source import SourceLine, locate
from output.errors import RaisedError


@dataclass(frozen=True, kw_only=True)
class HookEvent:
    """What happened when; the ID is the same should an event be told twice, as after a crash."""

    event_id: str
    time: datetime


@dataclass(frozen=True, kw_only=True)
class WorkerStarting(HookEvent):
    """A worker is about to take work."""

    catalog: str
    workflows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WorkflowStarted(HookEvent):
    """A run's code begins."""

    workflow: str
    workflow_id: str
    run_id: str


@dataclass(frozen=True, kw_only=True)
class WorkflowEnded(WorkflowStarted):
    """A run's code has ended without an error."""

    status: Literal["completed", "canceled", "continued_as_new"]


@dataclass(frozen=True, kw_only=True)
class WorkflowFailed(WorkflowStarted):
    """A run's code has raised."""

    error: RaisedError


@dataclass(frozen=True, kw_only=True)
class StepStarted(HookEvent):
    """An attempt of a step begins; attempts count from 1."""

    workflow: str
    workflow_id: str
    run_id: str
    step: str
    attempt: int


@dataclass(frozen=True, kw_only=True)
class StepEnded(StepStarted):
    """An attempt of a step has returned."""


@dataclass(frozen=True, kw_only=True)
class StepFailed(StepStarted):
    """An attempt of a step has raised; it may be tried again."""

    error: RaisedError


@dataclass(frozen=True, kw_only=True)
class Emitted(StepStarted):
    """A step has called `emit(event, payload)`."""

    event: str
    payload: object


E = TypeVar("E", bound=HookEvent)
E_contra = TypeVar("E_contra", bound=HookEvent, contravariant=True)
HookFunction = Callable[[E], Awaitable[None] | None]


class Hook(Generic[E]):
    """A function that is told events; `event` is the kind's name, or that of an emitted event."""

    def __init__(self, function: HookFunction[E], kinds: tuple[type[HookEvent], ...], event: str | None = None) -> None:
        self.function = function
        self.kinds = kinds
        self.event = event

    @property
    def source(self) -> SourceLine:
        return locate(self.function)

    def wants(self, event: HookEvent) -> bool:
        """Whether it is to be told of an event."""
        if type(event) not in self.kinds:
            return False
        return not isinstance(event, Emitted) or event.event == self.event

    def __call__(self, event: E) -> Awaitable[None] | None:
        return self.function(event)


def before_worker_start(function: HookFunction[WorkerStarting], /) -> Hook[WorkerStarting]:
    """Call it before a worker takes work; the worker waits for it, for up to 30 s."""
    return Hook(function, (WorkerStarting,))


def on_workflow_start(function: HookFunction[WorkflowStarted], /) -> Hook[WorkflowStarted]:
    """Call it when a run's code begins."""
    return Hook(function, (WorkflowStarted,))


def on_workflow_end(function: HookFunction[WorkflowEnded], /) -> Hook[WorkflowEnded]:
    """Call it when a run's code has ended without an error, after a stop too."""
    return Hook(function, (WorkflowEnded,))


def on_workflow_error(function: HookFunction[WorkflowFailed], /) -> Hook[WorkflowFailed]:
    """Call it when a run's code has raised."""
    return Hook(function, (WorkflowFailed,))


def on_step_start(function: HookFunction[StepStarted], /) -> Hook[StepStarted]:
    """Call it when an attempt of a step begins."""
    return Hook(function, (StepStarted,))


def on_step_end(function: HookFunction[StepEnded], /) -> Hook[StepEnded]:
    """Call it when an attempt of a step has returned."""
    return Hook(function, (StepEnded,))


def on_step_error(function: HookFunction[StepFailed], /) -> Hook[StepFailed]:
    """Call it when an attempt of a step has raised.

    Example:
        @on_step_error
        async def count_failures(event: StepFailed) -> None:
            logger.warning("a step failed", step=event.step)
    """
    return Hook(function, (StepFailed,))


def on_error(function: HookFunction[StepFailed | WorkflowFailed], /) -> Hook[StepFailed | WorkflowFailed]:
    """Call it when an attempt of a step or a run's code has raised."""
    return Hook(function, (StepFailed, WorkflowFailed))


def on(event: str) -> Callable[[HookFunction[Emitted]], Hook[Emitted]]:
    """Call it when a step emits `event`.

    Example:
        @on("half_way")
        async def note_progress(event: Emitted) -> None:
            logger.info("half way", payload=event.payload)
    """

    def decorate(function: HookFunction[Emitted], /) -> Hook[Emitted]:
        return Hook(function, (Emitted,), event)

    return decorate
