"""A run that has a webhook tells the workflow that delivers it when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from temporalio import workflow
from temporalio.exceptions import FailureError

from output.engine.payloads.converter import encode_model
from output.engine.webhooks import ENDED_SIGNAL, WEBHOOK_WORKFLOW
from output.models.webhooks import MEMO_KEY, Webhook


async def announce_end() -> None:
    """Wake the delivering workflow; start it where nobody has, as a server that died between two calls had not."""
    value: object = workflow.memo_value(MEMO_KEY, None)
    if not isinstance(value, Mapping):
        return
    webhook = Webhook.model_validate(cast("Mapping[str, object]", value))
    try:
        await workflow.get_external_workflow_handle(webhook.id).signal(ENDED_SIGNAL)
    except FailureError:  # there is none, or it has delivered the end of a run that this one follows
        await _start(webhook)


async def _start(webhook: Webhook) -> None:
    info = workflow.info()
    job = webhook.job(info.workflow_id, info.run_id, is_ending=True)
    try:
        await workflow.start_child_workflow(
            WEBHOOK_WORKFLOW,
            encode_model(job),
            id=webhook.id,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        )
    except FailureError as error:
        workflow.logger.error("The webhook of this run is not delivered: %s", error)
