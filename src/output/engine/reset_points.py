"""From where a run is redone, and what that means for its steps and messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from temporalio.api.enums.v1 import EventType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent

from output.engine.payloads.quick_steps import read_marker


@dataclass(frozen=True)
class Done:
    """A step, child or message: its name and the events between which it happened.

    `activity_type` is `<workflow>#<step>` of an ordinary step: the engine can reset to the completion of one.
    """

    name: str
    began: int
    ended: int | None = None
    activity_type: str | None = None


@dataclass
class RunStory:
    """What a run's events tell of it, as far as a reset asks; numbers are event IDs."""

    steps: dict[int, Done] = field(default_factory=dict[int, Done])
    children: dict[int, Done] = field(default_factory=dict[int, Done])
    messages: list[Done] = field(default_factory=list[Done])
    tasks: list[int] = field(default_factory=list[int])  # where each workflow task began
    last: int = 0
    task_of: dict[int, int] = field(default_factory=dict[int, int])  # which task's end began a step or child
    failed: list[int] = field(default_factory=list[int])
    end: HistoryEvent | None = None

    def take(self, event: HistoryEvent) -> None:
        """Note the next event."""
        self.last = event.event_id
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
                self.tasks.append(event.event_id)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                scheduled = event.activity_task_scheduled_event_attributes
                kind = scheduled.activity_type.name
                self.steps[event.event_id] = Done(kind.rpartition("#")[2], event.event_id, activity_type=kind)
                self.task_of[event.event_id] = scheduled.workflow_task_completed_event_id
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                self._end(self.steps, event.activity_task_completed_event_attributes.scheduled_event_id, event)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
                self.failed.append(event.activity_task_failed_event_attributes.scheduled_event_id)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT:
                self.failed.append(event.activity_task_timed_out_event_attributes.scheduled_event_id)
            case EventType.EVENT_TYPE_MARKER_RECORDED:
                self._take_marker(event)
            case _:
                self._take_other(event)

    def _take_other(self, event: HistoryEvent) -> None:
        match event.event_type:
            case EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
                child = event.start_child_workflow_execution_initiated_event_attributes
                self.children[event.event_id] = Done(child.workflow_type.name, event.event_id)
                self.task_of[event.event_id] = child.workflow_task_completed_event_id
            case EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED:
                completed = event.child_workflow_execution_completed_event_attributes
                self._end(self.children, completed.initiated_event_id, event)
            case EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED:
                self.failed.append(event.child_workflow_execution_failed_event_attributes.initiated_event_id)
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
                name = event.workflow_execution_signaled_event_attributes.signal_name
                self.messages.append(Done(name.removeprefix("$"), event.event_id))
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
                accepted = event.workflow_execution_update_accepted_event_attributes
                self.messages.append(Done(accepted.accepted_request.input.name, event.event_id))
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
                self.end = event
            case _:
                pass

    def step_names(self) -> list[str]:
        """The steps that can be reset to."""
        return sorted({each.name for each in self.steps.values() if each.activity_type is not None})

    def occurrences(self, step: str) -> list[Done]:
        """The occurrences of a step, by its name or as `<workflow>#<step>`."""
        return [
            each
            for each in self.steps.values()
            if each.activity_type is not None and step in {each.name, each.activity_type}
        ]

    def point_after(self, occurrences: Sequence[Done]) -> int | None:
        """Where all is redone that follows the last completion; None before a task has taken it in."""
        ended = max(each.ended or 0 for each in occurrences)
        # The engine resets to what follows the start of a task, which is the first to know the completion.
        point = next((task + 1 for task in self.tasks if task > ended), None)
        return point if point is not None and point <= self.last else None

    def start_point(self) -> int | None:
        """Where all is redone; None before the first task."""
        return self.tasks[0] + 1 if self.tasks else None

    def failure_point(self) -> int | None:
        """Where what made the run fail is done again; None for a run that has not failed."""
        if self.end is None:
            return None
        failing = _scheduled_in(self.end.workflow_execution_failed_event_attributes.failure)
        if failing not in self.task_of:
            failing = self.failed[-1] if self.failed else None
        if failing is not None and failing in self.task_of:
            return self.task_of[failing]
        return self.tasks[-1] + 1  # it failed by itself: its last task is done again

    def preview(self, point: int) -> tuple[list[str], list[str], list[str]]:
        """Names that a reset to this event keeps, redoes and drops."""
        done = sorted([*self.steps.values(), *self.children.values()], key=lambda each: each.began)
        kept = [each for each in done if each.ended is not None and each.ended < point]
        keeps = sorted([*kept, *self.messages], key=lambda each: each.began)
        redoes = [each for each in done if each not in kept]
        drops = [each for each in self.children.values() if each.began >= point]
        return [each.name for each in keeps], [each.name for each in redoes], [each.name for each in drops]

    def _take_marker(self, event: HistoryEvent) -> None:
        attributes = event.marker_recorded_event_attributes
        marker = read_marker(attributes)
        if marker is None or marker.pause is not None:
            return
        name, ended = marker.activity_type.rpartition("#")[2], event.event_id
        self.task_of[event.event_id] = attributes.workflow_task_completed_event_id
        if marker.failure is not None:
            self.failed.append(event.event_id)
            self.steps[event.event_id] = Done(name, event.event_id)
        else:
            self.steps[event.event_id] = Done(name, event.event_id, ended)

    @staticmethod
    def _end(begun: dict[int, Done], key: int, event: HistoryEvent) -> None:
        if key in begun:
            begun[key] = replace(begun[key], ended=event.event_id)


def _scheduled_in(failure: Failure) -> int | None:
    """The event that began the step or child whose failure is the innermost of these."""
    found: int | None = None
    while True:
        if failure.HasField("activity_failure_info"):
            return failure.activity_failure_info.scheduled_event_id or found
        if failure.HasField("child_workflow_execution_failure_info"):
            return failure.child_workflow_execution_failure_info.initiated_event_id or found
        if not failure.HasField("cause"):
            return found
        failure = failure.cause
