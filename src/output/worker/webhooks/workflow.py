"""The system workflow behind a completion webhook: it waits for the run's end, then delivers for up to three days."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from output.engine.payloads.converter import encode_model, payload_json
from output.engine.webhooks import AGAIN_SIGNAL, DELIVER, DELIVERIES_MEMO, ENDED_SIGNAL, WEBHOOK_WORKFLOW
from output.models.webhooks import Delivery, EndedRun, Message, Receipt, WebhookEvent, WebhookJob
from output.models.wire_model import WireModel
from output.worker.webhooks.activities import GONE, LOOK, PREPARE

# The run's own worker says when it ends; what ends it from outside (terminate, a time-out) is found by looking.
_FIRST_LOOK, _LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=15)
_LOOKS = 300  # before the history is begun anew
PATIENCE = timedelta(days=3)
RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=5), backoff_coefficient=2.0, maximum_interval=timedelta(hours=1)
)
_MOST_REMEMBERED = 20
_ENGINE_AWAY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


@workflow.defn(name=WEBHOOK_WORKFLOW, sandboxed=False)
class WebhookWorkflow:
    """Delivers the end of one run."""

    def __init__(self) -> None:
        self._ended = self._again = False

    @workflow.signal(name=ENDED_SIGNAL)
    def end(self) -> None:
        """The run is about to end, or has."""
        self._ended = True

    @workflow.signal(name=AGAIN_SIGNAL)
    def again(self) -> None:
        """Deliver now, without waiting for the next attempt."""
        self._again = self._ended = True

    @workflow.run
    async def run(self, value: RawValue) -> None:
        """Wait for the end, then deliver it, if it is one that is wanted."""
        job = WebhookJob.model_validate_json(payload_json(value.payload))
        self._ended = self._ended or job.is_ending
        ended = await self._wait_for_end(job)
        wanted: list[WebhookEvent] = [each for each in job.events if each == ended.event]
        if not wanted:
            return
        message = Message.model_validate(await _call(PREPARE, job.model_copy(update={"run_id": ended.run_id})))
        before = [each for each in job.deliveries if each.state != "pending"][-_MOST_REMEMBERED:]
        delivery = Delivery(
            id=message.id, run_id=ended.run_id, event=wanted[0], state="pending", created_at=workflow.now()
        )
        _show([*before, delivery])
        _show([*before, await self._deliver(delivery, message)])

    async def _wait_for_end(self, job: WebhookJob) -> EndedRun:
        pause, looks = (_LONGEST_PAUSE if job.is_old else _FIRST_LOOK), 0
        while True:
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(lambda: self._ended, timeout=pause)
            was_told, self._ended = self._ended, False
            found = await _call(LOOK, job, waits=was_told)
            if found is not None:
                return EndedRun.model_validate(found)
            pause, looks = min(pause * 1.5, _LONGEST_PAUSE), looks + 1
            if looks == _LOOKS:
                old = job.model_copy(update={"is_old": True})
                workflow.continue_as_new(encode_model(old))

    async def _deliver(self, delivery: Delivery, message: Message) -> Delivery:
        self._again = False
        while True:
            attempt = workflow.start_activity(
                DELIVER,
                encode_model(message),
                start_to_close_timeout=timedelta(seconds=60),
                schedule_to_close_timeout=PATIENCE,
                retry_policy=RETRIES,
            )
            await workflow.wait_condition(lambda handle=attempt: handle.done() or self._again)
            if attempt.done():
                return await _outcome(delivery, attempt)
            self._again = False
            attempt.cancel()
            with contextlib.suppress(ActivityError, asyncio.CancelledError):
                await attempt


async def _outcome(delivery: Delivery, attempt: workflow.ActivityHandle[object]) -> Delivery:
    try:
        receipt = Receipt.model_validate(await attempt)
    except ActivityError as error:
        cause = error.cause
        while isinstance(cause, Exception) and isinstance(cause.__cause__, ApplicationError):
            cause = cause.__cause__
        gone = isinstance(cause, ApplicationError) and cause.type == GONE
        told = cause.message if isinstance(cause, ApplicationError) else str(cause)
        changes = {"state": "gone" if gone else "failed", "error": told, "status": 410 if gone else None}
    else:
        changes = {"state": "delivered", "status": receipt.status, "attempts": receipt.attempts, "error": None}
    return delivery.model_copy(update={**changes, "ended_at": workflow.now()})


async def _call(name: str, job: WireModel, *, waits: bool = False) -> object:
    """An activity that asks the engine, as long as that takes."""
    return await workflow.execute_activity(
        name,
        args=[encode_model(job), waits],
        start_to_close_timeout=timedelta(seconds=60),
        retry_policy=_ENGINE_AWAY,
    )


def _show(deliveries: list[Delivery]) -> None:
    workflow.upsert_memo(
        {DELIVERIES_MEMO: [each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in deliveries]}
    )
