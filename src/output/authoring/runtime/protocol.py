"""The seam between authored code and the engine: what a running workflow may ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, NoReturn, Protocol, cast
from uuid import UUID

if TYPE_CHECKING:
    from output.authoring.options import ActivityOptions
    from output.authoring.runtime.calls import Calls
    from output.authoring.runtime.feedback import FeedbackInbox
    from output.authoring.runtime.waits import Waits
    from output.security.links import ApprovalLinks

ATTRIBUTE = "__output_runtime__"  # of the event loop of a run
_MAX_WORKFLOW_ID = 255  # what the API takes
RunHere = Callable[[bytes], Coroutine[None, None, bytes]]
Begin = Callable[[], Coroutine[None, None, bytes]]  # the call itself, once it is awaited


@dataclass(frozen=True, slots=True)
class StepCall:
    """One call of a step: its name, its input as JSON, its options, and how it runs where there is no engine.

    A `quick` one runs on the worker that runs the workflow; a `limited` one waits for what its limits grant.
    """

    step: str
    input: bytes
    call_options: ActivityOptions | None
    own_options: ActivityOptions | None
    run_here: RunHere
    quick: bool = False
    limited: bool = False


@dataclass(frozen=True, kw_only=True)
class ChildOptions:
    """What `with_options` of a workflow takes; None means not given.

    `timeout` bounds the whole child and is stronger than the workflow's own; `activity_options` count as the parent's.
    """

    workflow_id: str | None = None
    timeout: timedelta | None = None
    activity_options: ActivityOptions | None = None

    def __post_init__(self) -> None:
        _check_workflow_id(self.workflow_id)
        if self.timeout is not None and not isinstance(self.timeout, timedelta):  # pyright: ignore[reportUnnecessaryIsInstance] — authors
            raise TypeError(f"timeout is {self.timeout!r}; give a timedelta, such as timedelta(minutes=5).")
        if self.timeout is not None and self.timeout <= timedelta():
            raise ValueError(f"timeout is {self.timeout}; give a positive timedelta.")


@dataclass(frozen=True, slots=True)
class ChildCall:
    """One call of a workflow from a workflow."""

    workflow: str
    input: bytes
    options: ChildOptions
    is_traced: bool
    run_here: RunHere


@dataclass(frozen=True, slots=True)
class ChildRun:
    """A child that has started."""

    workflow_id: str
    run_id: str


@dataclass(frozen=True, slots=True)
class NextRun:
    """What a run continues as; `input` is JSON."""

    workflow: str
    input: bytes


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """The run whose code is running; `attempt` counts from 1, `catalog` is also its task queue."""

    workflow: str
    workflow_id: str
    run_id: str
    attempt: int
    started_at: datetime
    catalog: str


class WorkflowRuntime(Protocol):
    """A running workflow's side of the engine; the worker provides it, inputs and results are JSON."""

    @property
    def run(self) -> WorkflowRun: ...

    @property
    def inbox(self) -> FeedbackInbox: ...

    @property
    def calls(self) -> Calls: ...

    @property
    def waits(self) -> Waits: ...

    @property
    def links(self) -> ApprovalLinks: ...

    def shows_waits(self) -> bool:
        """Whether this run takes tokens from a step and shows its waits; one that an older build began does not."""
        ...

    @property
    def is_replaying(self) -> bool: ...

    @property
    def is_continue_as_new_suggested(self) -> bool: ...

    def prepare_step(self, call: StepCall) -> Begin: ...

    def prepare_child(self, call: ChildCall) -> Begin: ...

    def start_child(self, call: ChildCall) -> Coroutine[None, None, ChildRun]: ...

    def dump_input(self, args: tuple[object, ...], kwargs: Mapping[str, object], /) -> bytes:
        """Arguments of this workflow as JSON; raises TypeError and ValidationError."""
        ...

    def continue_as_new(self, following: NextRun) -> NoReturn: ...

    def now(self) -> datetime: ...

    def random(self) -> Random: ...

    def uuid4(self) -> UUID: ...

    async def sleep(self, duration: timedelta) -> None: ...

    async def wait_for(self, predicate: Callable[[], bool], timeout: timedelta | None) -> None: ...


def _check_workflow_id(workflow_id: object) -> None:
    """Raise for an ID that the engine or the API's addresses could not carry."""
    if workflow_id is None:
        return
    if not isinstance(workflow_id, str):
        raise TypeError(f"workflow_id is {workflow_id!r}; give a text.")
    if not 1 <= len(workflow_id) <= _MAX_WORKFLOW_ID:
        raise ValueError(f"workflow_id has {len(workflow_id)} characters; give 1 to {_MAX_WORKFLOW_ID}.")
    if "\0" in workflow_id or not workflow_id.isprintable() or workflow_id in {".", ".."}:
        raise ValueError(f"workflow_id is {workflow_id!r}; give printable characters that an address can hold.")


_plain_runtime: ContextVar[WorkflowRuntime | None] = ContextVar("output_plain_runtime", default=None)


def current_runtime() -> WorkflowRuntime | None:
    """The runtime of the workflow whose code is running, None anywhere else (a step, a plain test of one)."""
    # Kept on the event loop: each run has its own, and handlers run on it too, outside the context of `run`.
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    found = cast("WorkflowRuntime | None", getattr(loop, ATTRIBUTE, None))
    return _plain_runtime.get() if found is None else found


def install_runtime(loop: asyncio.AbstractEventLoop, runtime: WorkflowRuntime) -> None:
    """Make `runtime` the current one of everything that runs on `loop`."""
    setattr(loop, ATTRIBUTE, runtime)


def enter_runtime(runtime: WorkflowRuntime | None) -> Token[WorkflowRuntime | None]:
    """Make `runtime` the current one of this task, on a loop that has none of its own."""
    return _plain_runtime.set(runtime)


def leave_runtime(token: Token[WorkflowRuntime | None]) -> None:
    """Undo `enter_runtime`."""
    _plain_runtime.reset(token)
