"""Tags of runs: a search attribute of the engine's, which a namespace has to know."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from itertools import count
from typing import TypeVar, cast

import structlog
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError

from output.engine.connection import Engine
from output.errors import ValidationError
from output.models.references import Issue

T = TypeVar("T")
TAGS = SearchAttributeKey.for_keyword_list("OutputTags")
# After a namespace has learned the attribute its servers take a moment until all of them know it.
_LEARNS_WITHIN = 10
_PAUSE = 0.5
_ADDING_TIMEOUT = timedelta(seconds=10)
log = structlog.stdlib.get_logger(__name__)


def tags_attribute(tags: Sequence[str]) -> TypedSearchAttributes | None:
    """The tags as the engine takes them; None for none, so that a namespace without the attribute serves all else."""
    return TypedSearchAttributes([SearchAttributePair(TAGS, list(tags))]) if tags else None


def tags_of(info: WorkflowExecutionInfo) -> list[str]:
    """The tags of a described or listed run."""
    payload = info.search_attributes.indexed_fields.get(TAGS.name)
    if payload is None:
        return []
    value: object = json.loads(payload.data or b"[]")
    return [str(tag) for tag in cast("Sequence[object]", value)] if isinstance(value, list) else [str(value)]


async def with_tags(engine: Engine, start: Callable[[], Coroutine[None, None, T]]) -> T:
    """Start with tags; a namespace that does not know the attribute is taught it first, where it lets us.

    Raises ValidationError with the command to do it by hand where it does not.
    """
    for attempt in count():
        try:
            return await start()
        except ValidationError as error:
            if not is_unknown_tag(error):
                raise
            if attempt == _LEARNS_WITHIN:
                raise _not_taught(engine) from error
        if attempt == 0:
            await _add(engine)
        else:
            await asyncio.sleep(_PAUSE)
    raise AssertionError  # `count` does not end


async def _add(engine: Engine) -> None:
    """Teach the namespace; raises ValidationError where that is not allowed."""
    kind = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST
    request = AddSearchAttributesRequest(namespace=engine.namespace, search_attributes={TAGS.name: kind})
    try:
        await engine.client.operator_service.add_search_attributes(request, timeout=_ADDING_TIMEOUT)
    except RPCError as error:
        raise _not_taught(engine) from error
    log.info("The namespace has been taught the search attribute for tags.", attribute=TAGS.name)


def is_unknown_tag(error: ValidationError) -> bool:
    """Whether the engine refused something because the namespace has no such attribute."""
    return TAGS.name in error.message and not error.issues


def _not_taught(engine: Engine) -> ValidationError:
    message = (
        f"the engine's namespace has no search attribute {TAGS.name}, and the server may not add it; run `temporal "
        f"operator search-attribute create --namespace {engine.namespace} --name {TAGS.name} --type KeywordList`"
    )
    return ValidationError(f"The request does not fit: tags: {message}.", issues=[Issue("tags", message, "no_tags")])
