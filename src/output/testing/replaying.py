"""Replaying a recorded run with today's code, and saying where it departs."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from output.authoring.schema.source import SourceLine
from output.authoring.step import AnyStep
from output.authoring.workflow import AnyWorkflow
from output.config.settings import EngineSettings, load
from output.engine.payloads.converter import build_data_converter
from output.engine.payloads.limits import limits_of
from output.engine.payloads.quick_steps import read_marker
from output.errors import ReplayDepartedError
from output.testing.collecting import collect, collect_project
from output.worker.execution.context import CallKind, WorkerContext
from output.worker.execution.workflow_class import generate

_MACHINERY = ("output", "temporalio", "asyncio")


@dataclass(frozen=True)
class Call:
    """A step or child that a workflow called: the recorded one's event, or the new code's line."""

    kind: CallKind
    name: str
    event_id: int | None = None
    where: SourceLine | None = None

    def __str__(self) -> str:
        return f"{'step' if self.kind == 'step' else 'child workflow'} {self.name!r}"


class CallWatcher:
    """Keeps what the replayed code calls, and from which line."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def locate(self) -> SourceLine | None:
        frame = inspect.currentframe()
        while frame is not None:
            module = str(frame.f_globals.get("__name__", ""))
            if module.partition(".")[0] not in _MACHINERY:
                return SourceLine(Path(frame.f_code.co_filename), frame.f_lineno)
            frame = frame.f_back
        return None

    def note(self, kind: CallKind, name: str, where: SourceLine | None) -> None:
        self.calls.append(Call(kind, name, where=where))


async def replay(
    history: str | Path,
    *,
    workflows: Sequence[AnyWorkflow] = (),
    steps: Sequence[AnyStep] = (),
    project: Path | None = None,
) -> None:
    """Replay a recorded run (the engine's JSON, or a file of it) with the code of workflows or of a project.

    Returns when the code still does what it did. Raises ReplayDepartedError with the step and the line where it
    departs, ValueError for a history of a workflow that is not among them.
    """
    text = history.read_text() if isinstance(history, Path) else history  # noqa: ASYNC240 — before anything runs
    recorded = _read(text)
    registry = collect(workflows, steps) if project is None else collect_project(project)
    started = recorded.events[0].workflow_execution_started_event_attributes
    name = started.workflow_type.name
    if name not in registry.workflows:
        raise ValueError(f"The history is of workflow {name!r}; given are {sorted(registry.workflows)}.")
    settings = load(EngineSettings)
    watcher = CallWatcher()
    worker_context = WorkerContext(frozenset(registry.workflows), observer=watcher, limits=limits_of(settings))
    replayer = Replayer(
        workflows=[generate(definition, worker_context) for definition in registry.workflows.values()],
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=build_data_converter(settings),
    )
    result = await replayer.replay_workflow(recorded, raise_on_replay_failure=False)
    if result.replay_failure is not None:
        raise _departure(recorded, watcher.calls, result.replay_failure) from result.replay_failure


def _read(text: str) -> WorkflowHistory:
    unnamed = WorkflowHistory.from_json("", text)
    # IDs of children are derived from the run's own.
    started = unnamed.events[0].workflow_execution_started_event_attributes
    return WorkflowHistory(started.workflow_id, unnamed.events)


def _departure(recorded: WorkflowHistory, new: Sequence[Call], failure: Exception) -> ReplayDepartedError:
    old = _recorded_calls(recorded)
    for place, call in enumerate(old):
        if place >= len(new):
            message = f"The recorded run called {call} (event {call.event_id}); the new code does not call it there"
            after = f", after {new[-1]} ({new[-1].where})." if new else "."
            return ReplayDepartedError(message + after, where=_last_line(new), event_id=call.event_id)
        made = new[place]
        if (made.kind, made.name) != (call.kind, call.name):
            message = f"The recorded run called {call} (event {call.event_id}), the new code {made} ({made.where})."
            return ReplayDepartedError(message, where=_line(made), event_id=call.event_id)
    if len(new) > len(old):
        made = new[len(old)]
        message = f"The new code calls {made} ({made.where}), which the recorded run had not called there."
        return ReplayDepartedError(message, where=_line(made), event_id=None)
    told = str(failure) if isinstance(failure, NondeterminismError) else f"{type(failure).__name__}: {failure}"
    message = f"The new code departs from the recorded run: {told}"
    return ReplayDepartedError(message, where=_last_line(new), event_id=None)


def _recorded_calls(recorded: WorkflowHistory) -> list[Call]:
    calls: list[Call] = []
    quick: set[str] = set()
    for event in recorded.events:
        marker = read_marker(event.marker_recorded_event_attributes)
        if marker is not None and marker.activity_id not in quick:
            quick.add(marker.activity_id)  # one that paused before another attempt has several markers
            calls.append(Call("step", marker.activity_type.rpartition("#")[2], event_id=event.event_id))
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            name = event.activity_task_scheduled_event_attributes.activity_type.name.rpartition("#")[2]
            calls.append(Call("step", name, event_id=event.event_id))
        elif event.event_type == EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
            name = event.start_child_workflow_execution_initiated_event_attributes.workflow_type.name
            calls.append(Call("child", name, event_id=event.event_id))
    return calls


def _line(call: Call) -> str | None:
    return None if call.where is None else str(call.where)


def _last_line(calls: Sequence[Call]) -> str | None:
    return _line(calls[-1]) if calls else None
