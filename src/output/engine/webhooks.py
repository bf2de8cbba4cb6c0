"""Completion webhooks in the engine: a system workflow for each, which waits for the run's end and delivers."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC

from pydantic import ValidationError
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError

from output.engine.connection import Engine
from output.engine.descriptions import describe, describe_any, read_memo
from output.engine.payloads.converter import encode_model
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.errors import OutputError, WorkflowAlreadyStartedError, WorkflowNotFoundError
from output.models.references import RunRef
from output.models.webhooks import MEMO_KEY, Delivery, Webhook, WebhookJob, WebhookSpec

WEBHOOK_WORKFLOW = "$webhook"
ENDED_SIGNAL, AGAIN_SIGNAL = "ended", "again"
DELIVERIES_MEMO = "deliveries"
DELIVER = "$webhook.deliver"


def new_webhook(spec: WebhookSpec) -> Webhook:
    """A webhook with the ID of the workflow that will deliver it."""
    return Webhook(id=f"{WEBHOOK_WORKFLOW}:{uuid.uuid4()}", url=spec.url, events=spec.events)


async def watch(engine: Engine, job: WebhookJob, *, task_queue: str) -> None:
    """Start the workflow that waits for a run's end; one that is there already is left alone."""
    with contextlib.suppress(WorkflowAlreadyStartedError):
        await _start(engine, job, task_queue=task_queue)


async def find_webhook(engine: Engine, run: RunRef) -> tuple[RunRef, Webhook | None, str]:
    """The run that is meant, its webhook if it has one, and its task queue. Raises WorkflowNotFoundError."""
    described = await describe(engine, run)
    info = described.workflow_execution_info
    value = await read_memo(engine, info, MEMO_KEY)
    found = RunRef(info.execution.workflow_id, info.execution.run_id)
    try:
        return found, Webhook.model_validate(value) if isinstance(value, Mapping) else None, info.task_queue
    except ValidationError:  # another's memo
        return found, None, info.task_queue


async def read_deliveries(engine: Engine, webhook: Webhook) -> Sequence[Delivery]:
    """The messages so far, the latest last."""
    try:
        described = await describe_any(engine, RunRef(webhook.id))
    except WorkflowNotFoundError:
        return []
    value = await read_memo(engine, described.workflow_execution_info, DELIVERIES_MEMO)
    deliveries = [Delivery.model_validate(each) for each in value] if isinstance(value, list) else []
    if deliveries and deliveries[-1].state == "pending":
        deliveries[-1] = _with_attempts(deliveries[-1], described)
    return deliveries


async def nudge(engine: Engine, run: RunRef) -> None:
    """Tell a run's webhook that the run may have ended, where it has one; best effort: it looks by itself too."""
    with contextlib.suppress(OutputError, RPCError):
        _, webhook, _ = await find_webhook(engine, run)
        if webhook is not None:
            await engine.client.get_workflow_handle(webhook.id).signal(ENDED_SIGNAL, rpc_timeout=RPC_TIMEOUT)


async def redeliver(engine: Engine, webhook: Webhook, run: RunRef, *, task_queue: str) -> None:
    """Deliver again, at once: what is being tried, or the message of a run that has ended."""
    job = webhook.job(run.workflow_id, run.run_id or "", deliveries=await read_deliveries(engine, webhook))
    await _start(engine, job, task_queue=task_queue, signal=AGAIN_SIGNAL)


async def _start(engine: Engine, job: WebhookJob, *, task_queue: str, signal: str | None = None) -> None:
    with translate_rpc_errors(RunRef(job.id)):
        await engine.client.start_workflow(
            WEBHOOK_WORKFLOW,
            encode_model(job),
            id=job.id,
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal=signal,
            rpc_timeout=RPC_TIMEOUT,
        )


def _with_attempts(delivery: Delivery, described: DescribeWorkflowExecutionResponse) -> Delivery:
    """With what the engine knows of a delivery that is being tried."""
    for pending in described.pending_activities:
        if pending.activity_type.name != DELIVER:
            continue
        failed = pending.last_failure.message if pending.HasField("last_failure") else None
        due = pending.next_attempt_schedule_time if pending.HasField("next_attempt_schedule_time") else None
        return delivery.model_copy(
            update={
                "attempts": pending.attempt if due is None else pending.attempt - 1,
                "error": failed,
                "next_attempt_at": None if due is None else due.ToDatetime(UTC),
            }
        )
    return delivery
