"""The steps that a run is trying: the history tells of an attempt only once it was the last."""

from __future__ import annotations

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.converter import PayloadConverter

from output.engine.connection import Engine
from output.engine.descriptions import describe
from output.engine.failures import read_failure
from output.engine.problems import find_problem
from output.engine.workers import WorkerWatch
from output.models.pending import PendingStep, PendingSteps
from output.models.references import RunRef


async def read_pending_steps(engine: Engine, run: RunRef, *, workers: WorkerWatch) -> PendingSteps:
    """The steps that have begun and not ended; raises WorkflowNotFoundError."""
    response = await describe(engine, run)
    execution = response.workflow_execution_info.execution
    converter = engine.data_converter.payload_converter
    return PendingSteps(
        workflow_id=execution.workflow_id,
        run_id=execution.run_id,
        steps=[_pending_step(activity, converter) for activity in response.pending_activities],
        problem=await find_problem(engine, response, workers),
    )


def _pending_step(activity: PendingActivityInfo, converter: PayloadConverter) -> PendingStep:
    is_running = activity.state != PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    # A first attempt that no worker has taken is queued; a later one that has not started waits for its time.
    is_waiting = not is_running and activity.attempt > 1
    return PendingStep(
        id=activity.activity_id,
        name=activity.activity_type.name.rpartition("#")[2],
        state="running" if is_running else "waiting" if is_waiting else "queued",
        attempt=max(activity.attempt, 1),
        max_attempts=activity.maximum_attempts or None,
        next_attempt_at=activity.scheduled_time.ToMilliseconds() if is_waiting else None,
        error=read_failure(activity.last_failure, converter) if activity.HasField("last_failure") else None,
    )
