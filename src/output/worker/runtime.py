"""The engine's side of a running workflow: what authored code asks for, in the engine's terms."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from temporalio import workflow
from temporalio.common import Priority, RawValue, RetryPolicy
from temporalio.exceptions import ActivityError, CancelledError, ChildWorkflowError

from output.authoring.options import DEFAULTS, ActivityOptions, merge
from output.authoring.runtime import ChildCall, StepCall
from output.engine.converter import MAX_PAYLOAD_BYTES, Encoded, payload_json
from output.engine.runs import memo_of
from output.errors import ValueTooLargeError
from output.worker.registry import activity_type

_CANCELLATION = {
    "try_cancel": workflow.ActivityCancellationType.TRY_CANCEL,
    "wait_completed": workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    "abandon": workflow.ActivityCancellationType.ABANDON,
}


@dataclass(frozen=True)
class EngineRuntime:
    """What one run of `workflow_name` may ask of the engine."""

    workflow_name: str
    activity_options: ActivityOptions | None

    async def run_step(self, call: StepCall) -> bytes:
        """One durable activity; its result as JSON."""
        kind = activity_type(self.workflow_name, call.step)
        check_size(call.input, f"The input of step {call.step!r}")
        options = merge(DEFAULTS, self.activity_options, call.call_options, call.own_options)
        try:
            result: object = await workflow.execute_activity(
                kind,
                Encoded(call.input),
                result_type=RawValue,
                start_to_close_timeout=options.timeout,
                schedule_to_close_timeout=options.schedule_to_close,
                schedule_to_start_timeout=options.schedule_to_start,
                heartbeat_timeout=options.heartbeat_timeout,
                retry_policy=_retry_policy(options),
                cancellation_type=_CANCELLATION[options.cancellation or "try_cancel"],
                priority=Priority(priority_key=options.priority) if options.priority else Priority.default,
                summary=options.summary,
            )
        except ActivityError as error:
            raise_cancellation(error)
            raise
        return payload_json(cast("RawValue", result).payload)

    async def run_child(self, call: ChildCall) -> bytes:
        """A child run; its result as JSON."""
        check_size(call.input, f"The input of workflow {call.workflow!r}")
        try:
            result: object = await workflow.execute_child_workflow(
                call.workflow, Encoded(call.input), result_type=RawValue, memo=memo_of(None)
            )
        except ChildWorkflowError as error:
            raise_cancellation(error)
            raise
        return payload_json(cast("RawValue", result).payload)


def raise_cancellation(error: ActivityError | ChildWorkflowError) -> None:
    """Raise CancelledError, as asyncio code expects, where the engine tells a task's cancellation in its own way.

    Without it `asyncio.timeout` and clean-up code around a step would see an error of the step.
    """
    task = asyncio.current_task()
    if isinstance(error.cause, CancelledError) and task is not None and task.cancelling() > 0:
        raise asyncio.CancelledError from error


def check_size(data: bytes, what: str) -> bytes:
    """The data, if the engine takes it; raises ValueTooLargeError."""
    if len(data) > MAX_PAYLOAD_BYTES:
        raise ValueTooLargeError(what, size=len(data), limit=MAX_PAYLOAD_BYTES)
    return data


def _retry_policy(options: ActivityOptions) -> RetryPolicy:
    retry = options.retry
    assert retry is not None, "the defaults have one"
    names = [kind if isinstance(kind, str) else kind.__name__ for kind in retry.non_retryable or ()]
    return RetryPolicy(
        initial_interval=retry.initial_interval or timedelta(seconds=10),
        backoff_coefficient=retry.backoff_coefficient or 2.0,
        maximum_interval=retry.max_interval,
        maximum_attempts=retry.max_attempts or 0,
        non_retryable_error_types=names or None,
    )
