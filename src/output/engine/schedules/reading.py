"""Schedules as the API shows them: what they are, their next times, their latest runs and where those stand."""

from __future__ import annotations

import asyncio
from datetime import UTC

from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.schedule.v1 import ScheduleActionResult
from temporalio.api.workflow.v1 import WorkflowExecutionInfo

from output.engine.connection import Engine
from output.engine.descriptions import describe, state_of
from output.engine.payloads.json import values_of
from output.engine.schedules.store import Stored
from output.errors import ScheduleNotFoundError, WorkflowNotFoundError
from output.models.references import RunRef
from output.models.schedules import ScheduleDescription, ScheduledRun

_OPEN = frozenset(
    {
        WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED,
        WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING,
    }
)


async def schedule_of(engine: Engine, stored: Stored) -> ScheduleDescription:
    """A schedule as it stands. Raises ScheduleNotFoundError for one that others than Output have made."""
    spec = stored.remembered.spec
    if spec is None:
        raise ScheduleNotFoundError(stored.id)
    state, info = stored.described.schedule.state, stored.described.info
    action = stored.described.schedule.action.start_workflow
    recent = await asyncio.gather(*(_scheduled_run(engine, action) for action in info.recent_actions))
    fields = {name: getattr(spec, name) for name in type(spec).model_fields}
    return ScheduleDescription.model_validate(
        {
            **fields,
            "id": stored.id,
            "workflow_name": action.workflow_type.name,
            "catalog": action.task_queue.name,
            "input": values_of(action.input),
            "paused": state.paused,
            "note": state.notes or None,
            "declared": stored.remembered.declared_by is not None,
            "next": [time.ToDatetime(UTC) for time in info.future_action_times],
            "recent": [run for run in recent if run is not None],
        }
    )


async def _scheduled_run(engine: Engine, result: ScheduleActionResult) -> ScheduledRun | None:
    """A run that was started; None for one that the engine has kept long enough."""
    run = result.start_workflow_result
    if not run.run_id:
        return None
    status = result.start_workflow_status
    try:
        if status in _OPEN:  # the engine's schedules look at the runs that they started now and then
            found = await describe(engine, RunRef(run.workflow_id, run.run_id))
            state = state_of(found.workflow_execution_info)
        else:
            state = state_of(WorkflowExecutionInfo(status=status))
    except WorkflowNotFoundError:
        return None
    return ScheduledRun(
        workflow_id=run.workflow_id,
        run_id=run.run_id,
        scheduled_at=result.schedule_time.ToDatetime(UTC),
        status=state,
    )
