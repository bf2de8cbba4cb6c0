"""Messages to runs: which handler one is for and whether its payload fits, before the engine is asked."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from output.engine import messages
from output.engine.catalog import CatalogVersion
from output.engine.messages import HandlerCall, Recipient
from output.engine.payloads.converter import dump_json
from output.errors import (
    CatalogNotAvailableError,
    HandlerNotFoundError,
    NothingAwaitedError,
    ValidationError,
    WorkflowNotFoundError,
)
from output.models.catalog import HandlerEntry, HandlerKind, JsonSchema
from output.models.messages import FEEDBACK_SIGNAL, FeedbackRequest, MessageRequest
from output.models.references import Issue
from output.models.waits import Audit, FeedbackSignal
from output.operations.services import Services
from output.operations.value_size import check_value_size


@dataclass(frozen=True)
class IncomingMessage:
    """A message as it came in: to whom, for which handler."""

    to: Recipient
    kind: HandlerKind
    handler: str
    body: MessageRequest | None


async def send(services: Services, message: IncomingMessage) -> bytes:
    """Send a message to its handler; the handler's result as JSON, `{}` for a signal.

    Raises HandlerNotFoundError, ValidationError, HandlerFailedError, WorkerNotAvailableError,
    WorkflowAlreadyClosedError.
    """
    call = await check_message(services, message)
    match message.kind:
        case "signal":
            await messages.send_signal(services.engine, call)
            return b"{}"
        case "query":
            return await messages.ask_query(services.engine, services.workers, call)
        case "update":
            return await messages.send_update(services.engine, services.workers, call)


async def send_feedback(
    services: Services, to: Recipient, feedback: FeedbackRequest, *, audit: Audit | None = None
) -> None:
    """Resume a workflow that awaits a webhook, or answer its question; `audit` says who does.

    Raises NothingAwaitedError, WorkflowAlreadyClosedError.
    """
    if not await _may_await_feedback(services, to):
        raise NothingAwaitedError(to.workflow, to.run)
    token = feedback.token
    target = None if token is None else services.approvals.find(token)
    if target is not None and target.workflow_id == to.run.workflow_id:
        token = target.digest
    signal = FeedbackSignal(token=token, payload=feedback.payload, audit=audit)
    payload = dump_json(signal.model_dump(mode="json", by_alias=True, exclude_none=True))
    check_value_size(payload, "payload", limits=services.engine.limits, run=to.run)
    await messages.send_signal(services.engine, HandlerCall(to, FEEDBACK_SIGNAL, payload))


async def _may_await_feedback(services: Services, to: Recipient) -> bool:
    if not to.is_open:
        return True  # that it has ended is the better answer
    try:
        version = await services.catalogs.read_known(to.task_queue)
    except (CatalogNotAvailableError, WorkflowNotFoundError):
        return True
    entry = version.by_name.get(to.workflow)
    if entry is None or entry.awaits_feedback:
        return True
    current = await services.catalogs.read(to.task_queue)  # it may have changed since it was last seen
    entry = current.by_name.get(to.workflow)
    return entry is None or entry.awaits_feedback


async def check_message(services: Services, message: IncomingMessage) -> HandlerCall:
    """The message, fit to be sent. Raises HandlerNotFoundError, ValidationError.

    A workflow that no catalog describes is left to its worker to judge.
    """
    catalog_id = message.to.task_queue
    try:
        version = await services.catalogs.read_known(catalog_id)
    except (CatalogNotAvailableError, WorkflowNotFoundError):
        return _unchecked(services, message)
    try:
        return _check(services, message, version)
    except (HandlerNotFoundError, ValidationError):
        # The catalog may have changed since it was last seen.
        current = await services.catalogs.read(catalog_id)
        if current is version:
            raise
        return _check(services, message, current)


def _check(services: Services, message: IncomingMessage, version: CatalogVersion) -> HandlerCall:
    entry = version.by_name.get(message.to.workflow)
    if entry is None:
        return _unchecked(services, message)
    handlers = {handler.name: handler for handler in entry.handlers if handler.kind == message.kind}
    handler = handlers.get(message.handler)
    if handler is None:
        raise HandlerNotFoundError(message.kind, message.handler, known=sorted(handlers), run=message.to.run)
    if not _has_payload(message.body):
        return HandlerCall(message.to, message.handler, _default(services, message, handler, version))
    assert message.body is not None
    _check_value(services, message, handler, version, message.body.payload)
    return _unchecked(services, message)


def _default(
    services: Services, message: IncomingMessage, handler: HandlerEntry, version: CatalogVersion
) -> bytes | None:
    """What is sent where no payload came: nothing, or no named values where all of them have a default."""
    if _fits(services, message, handler, version, None):
        return None
    if _takes_named_values(handler.input_schema) and _fits(services, message, handler, version, {}):
        return b"{}"
    told = "a payload is required"
    raise ValidationError(
        f"The {message.kind} {message.handler!r} takes an argument: {told}.",
        issues=[Issue("payload", told, "missing")],
        run=message.to.run,
    )


def _takes_named_values(schema: JsonSchema | None) -> bool:
    return schema is not None and schema.get("additionalProperties") is False


def _fits(
    services: Services, message: IncomingMessage, handler: HandlerEntry, version: CatalogVersion, value: JsonValue
) -> bool:
    try:
        _check_value(services, message, handler, version, value)
    except ValidationError:
        return False
    return True


def _check_value(
    services: Services, message: IncomingMessage, handler: HandlerEntry, version: CatalogVersion, value: JsonValue
) -> None:
    name = f"{handler.kind} {handler.name!r} of {message.to.workflow!r}"
    try:
        services.inputs.check(value, handler.input_schema, version=version.run_id, name=name, field="payload")
    except ValidationError as error:
        error.run = message.to.run
        raise


def _unchecked(services: Services, message: IncomingMessage) -> HandlerCall:
    payload = dump_json(message.body.payload) if message.body is not None and _has_payload(message.body) else None
    if payload is not None:
        check_value_size(payload, "payload", limits=services.engine.limits, run=message.to.run)
    return HandlerCall(message.to, message.handler, payload)


def _has_payload(body: MessageRequest | None) -> bool:
    return body is not None and "payload" in body.model_fields_set
