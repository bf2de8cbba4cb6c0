"""Completion webhooks: whom to tell of a run's end, and what came of telling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from output.models.references import RunState
from output.models.wire_model import Instant, WireModel

WebhookEvent = Literal["completed", "failed", "canceled", "terminated", "timed_out"]
EVENTS: tuple[WebhookEvent, ...] = ("completed", "failed", "canceled", "terminated", "timed_out")
DeliveryState = Literal["pending", "delivered", "gone", "failed"]
MEMO_KEY = "webhook"  # of a run: a Webhook


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("give an address such as https://example.com/hooks")
    return value


class WebhookSpec(WireModel):
    """Where the result payload goes when a run ends, and for which ends; all without `events`."""

    url: Annotated[str, Field(max_length=2000), AfterValidator(_address)]
    events: Annotated[list[WebhookEvent], Field(min_length=1)] = Field(default_factory=lambda: list(EVENTS))


class Webhook(WebhookSpec):
    """The same in a run's memo; `id` is the workflow that delivers it."""

    id: str

    def job(
        self, workflow_id: str, run_id: str, *, deliveries: Sequence[Delivery] = (), is_ending: bool = False
    ) -> WebhookJob:
        """What is to be done for a run."""
        return WebhookJob(
            id=self.id,
            url=self.url,
            events=self.events,
            workflow_id=workflow_id,
            run_id=run_id,
            deliveries=list(deliveries),
            is_ending=is_ending,
        )


class Delivery(WireModel):
    """One message: `id` is its `Webhook-Id`, the same for all attempts.

    `gone` says that the receiver wants no more (410), `failed` that three days of attempts did not help.
    """

    id: str
    run_id: str
    event: WebhookEvent
    state: DeliveryState
    created_at: Instant
    attempts: int = 0
    status: int | None = None
    error: str | None = None
    ended_at: Instant | None = None
    next_attempt_at: Instant | None = None


class WebhookDeliveries(WireModel):
    """Whom a run tells of its end, and the messages so far, the latest last."""

    url: str
    events: list[WebhookEvent]
    deliveries: list[Delivery]


class WebhookJob(Webhook):
    """What the delivering workflow is started with; `deliveries` are of its runs before."""

    workflow_id: str
    run_id: str
    deliveries: list[Delivery] = Field(default_factory=list[Delivery])
    is_ending: bool = False  # the run itself says so
    is_old: bool = False  # has been waited for so long that it is looked at rarely


class EndedRun(WireModel):
    """The run that ended, which may be a later one of a chain; None stands for a run that is no more."""

    run_id: str
    event: RunState | None


class Message(WireModel):
    """What is sent."""

    id: str
    url: str
    body: str


class Receipt(WireModel):
    """What the receiver said in the end."""

    status: int
    attempts: int
