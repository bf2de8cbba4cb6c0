"""Which handler a message is for, and whether its payload fits, before the engine is asked."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from output.api.state import AppState
from output.engine.catalog import CatalogVersion
from output.engine.messages import Recipient, Sent
from output.engine.payloads.converter import dump_json
from output.errors import (
    CatalogNotAvailableError,
    HandlerNotFoundError,
    Issue,
    ValidationError,
    WorkflowNotFoundError,
)
from output.models.catalog import HandlerEntry, HandlerKind, JsonSchema
from output.models.messages import MessageRequest


@dataclass(frozen=True)
class Addressed:
    """A message as it came in: to whom, for which handler."""

    to: Recipient
    kind: HandlerKind
    handler: str
    body: MessageRequest | None


async def check_message(state: AppState, message: Addressed) -> Sent:
    """The message, fit to be sent. Raises HandlerNotFoundError, ValidationError.

    A workflow that no catalog describes is left to its worker to judge.
    """
    catalog_id = message.to.task_queue
    try:
        version = await state.catalogs.read_known(catalog_id)
    except (CatalogNotAvailableError, WorkflowNotFoundError):
        return _unchecked(message)
    try:
        return _check(state, message, version)
    except (HandlerNotFoundError, ValidationError):
        # The catalog may have changed since it was last seen.
        current = await state.catalogs.read(catalog_id)
        if current is version:
            raise
        return _check(state, message, current)


def _check(state: AppState, message: Addressed, version: CatalogVersion) -> Sent:
    entry = version.by_name.get(message.to.workflow)
    if entry is None:
        return _unchecked(message)
    handlers = {handler.name: handler for handler in entry.handlers if handler.kind == message.kind}
    handler = handlers.get(message.handler)
    if handler is None:
        raise HandlerNotFoundError(message.kind, message.handler, known=sorted(handlers), run=message.to.run)
    if not _has_payload(message.body):
        return Sent(message.to, message.handler, _default(state, message, handler, version))
    assert message.body is not None
    _check_value(state, message, handler, version, message.body.payload)
    return _unchecked(message)


def _default(state: AppState, message: Addressed, handler: HandlerEntry, version: CatalogVersion) -> bytes | None:
    """What is sent where no payload came: nothing, or no named values where all of them have a default."""
    if _fits(state, message, handler, version, None):
        return None
    if _takes_named_values(handler.input_schema) and _fits(state, message, handler, version, {}):
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
    state: AppState, message: Addressed, handler: HandlerEntry, version: CatalogVersion, value: JsonValue
) -> bool:
    try:
        _check_value(state, message, handler, version, value)
    except ValidationError:
        return False
    return True


def _check_value(
    state: AppState, message: Addressed, handler: HandlerEntry, version: CatalogVersion, value: JsonValue
) -> None:
    name = f"{handler.kind} {handler.name!r} of {message.to.workflow!r}"
    try:
        state.inputs.check(value, handler.input_schema, version=version.run_id, name=name, field="payload")
    except ValidationError as error:
        error.run = message.to.run
        raise


def _unchecked(message: Addressed) -> Sent:
    payload = dump_json(message.body.payload) if message.body is not None and _has_payload(message.body) else None
    return Sent(message.to, message.handler, payload)


def _has_payload(body: MessageRequest | None) -> bool:
    return body is not None and "payload" in body.model_fields_set
