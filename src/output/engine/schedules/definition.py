"""A schedule in the engine's terms, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from pydantic import ValidationError
from temporalio.api.common.v1 import Memo, WorkflowType
from temporalio.api.enums.v1 import ScheduleOverlapPolicy
from temporalio.api.schedule.v1 import (
    CalendarSpec,
    IntervalSpec,
    ScheduleAction,
    SchedulePolicies,
    ScheduleState,
)
from temporalio.api.schedule.v1 import Schedule as EngineSchedule
from temporalio.api.schedule.v1 import ScheduleSpec as EngineTimes
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import NewWorkflowExecutionInfo

from output.engine.connection import Engine
from output.engine.payloads.converter import dump_json, to_payload
from output.engine.payloads.json import memo_value
from output.models.schedules import Overlap, ScheduleSpec, ScheduleTimes, span_of

# In the memo of the runs, and so in the schedule's action. The engine rewrites cron expressions when it takes them;
# here they stay as they were written. The input is not in it: memos come with every listing of runs.
MEMO_KEY = "schedule"
OVERLAPS: Mapping[Overlap, ScheduleOverlapPolicy.ValueType] = {
    "skip": ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP,
    "buffer_one": ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE,
    "buffer_all": ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL,
    "cancel_other": ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_CANCEL_OTHER,
    "terminate_other": ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_TERMINATE_OTHER,
    "allow_all": ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL,
}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A schedule to be written; `workflow` is the catalog's name, `input` JSON, `declared_by` a catalog's ID."""

    id: str
    spec: ScheduleSpec
    workflow: str
    input: bytes
    task_queue: str
    execution_timeout: timedelta | None = None
    declared_by: str | None = None

    def fingerprint(self) -> str:
        """What tells one definition from another; two of one fingerprint start the same runs at the same times."""
        facts = [self.workflow, self.task_queue, str(self.execution_timeout), self.spec_json().decode()]
        return hashlib.sha256("\0".join(facts).encode() + b"\0" + bytes(self.input)).hexdigest()

    def spec_json(self) -> bytes:
        """The specification as it was given, without its input."""
        return self.spec.model_dump_json(by_alias=True, exclude_none=True, exclude={"input"}).encode()


@dataclass(frozen=True)
class Remembered:
    """What a schedule's memo says of it; `spec` is None for one that others than Output have made."""

    spec: ScheduleSpec | None
    declared_by: str | None
    fingerprint: str | None


async def engine_schedule(engine: Engine, definition: Definition) -> EngineSchedule:
    """The whole schedule as the engine takes it."""
    spec = definition.spec
    action = NewWorkflowExecutionInfo(
        workflow_id=definition.id,
        workflow_type=WorkflowType(name=definition.workflow),
        task_queue=TaskQueue(name=definition.task_queue),
        memo=Memo(fields={MEMO_KEY: to_payload(_memo(definition))}),
    )
    action.input.payloads.append(await engine.values.seal(definition.input))
    if definition.execution_timeout is not None:
        action.workflow_execution_timeout.FromTimedelta(definition.execution_timeout)
    policies = SchedulePolicies(overlap_policy=OVERLAPS[spec.overlap])
    if spec.catchup_window is not None:
        policies.catchup_window.FromTimedelta(span_of(spec.catchup_window))
    return EngineSchedule(
        spec=engine_times(spec),
        action=ScheduleAction(start_workflow=action),
        policies=policies,
        state=ScheduleState(paused=spec.paused, notes=spec.note or ""),
    )


def engine_times(times: ScheduleTimes) -> EngineTimes:
    """When it starts runs."""
    written = EngineTimes(timezone_name=times.timezone or "")
    if times.cron is not None:
        written.cron_string.append(times.cron)
    if times.every is not None:
        interval = IntervalSpec()
        interval.interval.FromTimedelta(span_of(times.every))
        written.interval.append(interval)
    for calendar in times.calendars or ():
        written.calendar.append(CalendarSpec(**calendar.model_dump()))
    if times.start_at is not None:
        written.start_time.FromDatetime(times.start_at)
    if times.end_at is not None:
        written.end_time.FromDatetime(times.end_at)
    if times.jitter is not None:
        written.jitter.FromTimedelta(span_of(times.jitter))
    return written


def remembered(memo: Memo) -> Remembered:
    """What the memo of a schedule's action says; nothing for one that others have made."""
    value = memo_value(memo.fields, MEMO_KEY)
    fields: Mapping[str, object] = cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
    try:
        spec = ScheduleSpec.model_validate(fields["spec"])
    except (KeyError, ValidationError):
        spec = None
    declared_by, fingerprint = fields.get("declaredBy"), fields.get("fingerprint")
    return Remembered(
        spec,
        declared_by if isinstance(declared_by, str) else None,
        fingerprint if isinstance(fingerprint, str) else None,
    )


def _memo(definition: Definition) -> bytes:
    spec = definition.spec.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"input"})
    memo = {"id": definition.id, "spec": spec, "fingerprint": definition.fingerprint()}
    if definition.declared_by is not None:
        memo["declaredBy"] = definition.declared_by
    return dump_json(memo)
