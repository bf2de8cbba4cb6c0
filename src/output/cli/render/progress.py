"""What a run is doing, worked out from its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from output.cli.render.history_events import attributes_of
from output.cli.render.times import describe_duration

if TYPE_CHECKING:
    from output.models.history import HistoryEvent
    from output.models.pending import PendingStep, PendingSteps

Stage = Literal["running", "retrying", "done", "failed", "canceled", "noted"]

_FINAL: Mapping[str, Stage] = {
    "COMPLETED": "done",
    "FIRED": "done",
    "FAILED": "failed",
    "TIMED_OUT": "failed",
    "CANCELED": "canceled",
    "TERMINATED": "canceled",
}
_BEGINNINGS = ("ACTIVITY_TASK_SCHEDULED", "TIMER_STARTED", "START_CHILD_WORKFLOW_EXECUTION_INITIATED")
# Where an event names the one that began its activity, timer or child.
_REFERENCES = ("scheduledEventId", "startedEventId", "initiatedEventId")


@dataclass(frozen=True, slots=True)
class Doing:
    """One step, timer, child or message of a run; `retry` says why a step is tried again, and when."""

    name: str
    stage: Stage
    began: datetime
    ended: datetime | None = None
    attempts: int = 1
    activity_id: str | None = None
    retry: PendingStep | None = None

    @property
    def milliseconds(self) -> float | None:
        return None if self.ended is None else (self.ended - self.began).total_seconds() * 1000


class Progress:
    """Takes the events of one run in their order and tells what each changed."""

    def __init__(self) -> None:
        self._open: dict[str, Doing] = {}

    @property
    def running(self) -> list[Doing]:
        """What has begun and not ended, the longest first."""
        return list(self._open.values())

    def take(self, event: HistoryEvent) -> Doing | None:
        """What began, ended or happened with this event; None where it is the engine's own affair."""
        kind, attributes = event.event_type_name, attributes_of(event)
        if kind in _BEGINNINGS:
            activity_id = attributes.get("activityId")
            doing = Doing(
                _name(kind, attributes),
                "running",
                event.event_time,
                activity_id=activity_id if isinstance(activity_id, str) else None,
            )
            self._open[event.event_id] = doing
            return doing
        if kind == "ACTIVITY_TASK_STARTED":
            self._count_attempts(attributes)
            return None
        if kind == "WORKFLOW_EXECUTION_SIGNALED":
            return Doing(f"signal {attributes.get('signalName')}", "noted", event.event_time)
        if kind == "MARKER_RECORDED" and "stepName" in attributes:
            return _quick_step(attributes, event.event_time)
        if kind.startswith(("ACTIVITY_TASK_", "TIMER_", "CHILD_WORKFLOW_EXECUTION_")):
            return self._end(kind, attributes, event.event_time)
        return None

    def _end(self, kind: str, attributes: Mapping[str, object], time: datetime) -> Doing | None:
        stage = next((stage for ending, stage in _FINAL.items() if kind.endswith(ending)), None)
        if stage is None:
            return None
        names = ("initiatedEventId",) if kind.startswith("CHILD_") else _REFERENCES
        for name in names:
            begun = self._open.pop(str(attributes.get(name)), None)
            if begun is not None:
                return replace(begun, stage=stage, ended=time, retry=None)
        return None

    def take_pending(self, pending: PendingSteps) -> list[Doing]:
        """The steps that have begun another attempt, or wait for one, since this was last told."""
        steps = {step.id: step for step in pending.steps}
        changed: list[Doing] = []
        for key, doing in self._open.items():
            step = steps.get(doing.activity_id or "")
            if step is None or step.error is None:
                continue
            is_news = doing.retry is None or step.attempt > doing.retry.attempt
            self._open[key] = replace(doing, stage="retrying", attempts=step.attempt, retry=step)
            if is_news:
                changed.append(self._open[key])
        return changed

    def _count_attempts(self, attributes: Mapping[str, object]) -> None:
        key, attempt = str(attributes.get("scheduledEventId")), attributes.get("attempt")
        if key in self._open and isinstance(attempt, int):
            self._open[key] = replace(self._open[key], attempts=attempt)


def _quick_step(attributes: Mapping[str, object], time: datetime) -> Doing:
    """A quick step, of which the history tells once it is over, or pauses before another attempt."""
    stage: Stage = "done"
    if "nextAttemptDelay" in attributes:
        stage = "retrying"
    elif attributes.get("isFailed") is True:
        stage = "failed"
    began, ended = (_time(attributes.get(name)) or time for name in ("startedTime", "closeTime"))
    attempt = attributes.get("attempt")
    return Doing(str(attributes["stepName"]), stage, began, ended, attempt if isinstance(attempt, int) else 1)


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _name(kind: str, attributes: Mapping[str, object]) -> str:
    if kind == "TIMER_STARTED":
        return f"sleep {_duration(str(attributes.get('startToFireTimeout')))}"
    if kind.startswith("START_CHILD"):
        workflow_type = attributes.get("workflowType")
        return f"workflow {workflow_type['name']}" if isinstance(workflow_type, Mapping) else "workflow"
    return str(attributes.get("stepName") or "step")


def _duration(protobuf: str) -> str:
    """A duration such as `4.320s` as people say it."""
    try:
        return describe_duration(float(protobuf.removesuffix("s")) * 1000)
    except ValueError:
        return protobuf
