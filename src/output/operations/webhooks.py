"""Completion webhooks: asked for at a start, looked at and sent again later."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from pydantic import JsonValue

from output.engine import webhooks
from output.errors import NotFoundError, OutputError, ValidationError
from output.models.references import Issue, RunRef
from output.models.runs import StartRequest
from output.models.webhooks import MEMO_KEY, Webhook, WebhookDeliveries
from output.operations.services import Services

log = structlog.stdlib.get_logger(__name__)


def webhook_of(services: Services, request: StartRequest) -> Webhook | None:
    """The webhook that a start asks for. Raises ValidationError where it could not be signed, in production."""
    if request.webhook is None:
        return None
    if services.webhooks_are_signed is False:
        message = "webhooks are signed in production: set OUTPUT_WEBHOOK_SECRET for the server and its workers"
        raise ValidationError(
            f"The request does not fit: webhook: {message}.", issues=[Issue("webhook", message, "unsigned", "/webhook")]
        )
    return webhooks.new_webhook(request.webhook)


def memo_entry(webhook: Webhook) -> Mapping[str, JsonValue]:
    """What the run remembers, so that its end is told even if this server dies now."""
    return {MEMO_KEY: webhook.model_dump(mode="json", by_alias=True)}


async def watch_end(services: Services, webhook: Webhook | None, run: RunRef, *, task_queue: str) -> None:
    """Have the end of a run waited for; the run itself makes up for what fails here."""
    if webhook is None:
        return
    job = webhook.job(run.workflow_id, run.run_id or "")
    try:
        await webhooks.watch(services.engine, job, task_queue=task_queue)
    except OutputError as error:
        log.warning("webhook not watched yet", workflow_id=run.workflow_id, reason=error.message)


async def read_deliveries(services: Services, run: RunRef) -> WebhookDeliveries:
    """What became of a run's webhook. Raises WorkflowNotFoundError, NotFoundError for a run without one."""
    _, webhook, _ = await _webhook(services, run)
    found = await webhooks.read_deliveries(services.engine, webhook)
    return WebhookDeliveries(url=webhook.url, events=webhook.events, deliveries=list(found))


async def redeliver(services: Services, run: RunRef) -> WebhookDeliveries:
    """Send the end of a run again, at once. Raises WorkflowNotFoundError, NotFoundError."""
    found, webhook, task_queue = await _webhook(services, run)
    await webhooks.redeliver(services.engine, webhook, found, task_queue=task_queue)
    return await read_deliveries(services, run)


async def _webhook(services: Services, run: RunRef) -> tuple[RunRef, Webhook, str]:
    found, webhook, task_queue = await webhooks.find_webhook(services.engine, run)
    if webhook is None:
        raise NotFoundError(f"Workflow {run} has no webhook; it was started without.", run=found)
    return found, webhook, task_queue
