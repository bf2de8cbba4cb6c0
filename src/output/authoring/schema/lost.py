"""Types whose values would not come back, found when they are annotated instead of when the first value is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

_ASIDE = frozenset({"metadata", "serialization", "config"})
_MOST_NODES = 200_000


def find_lost(schema: object) -> str | None:
    """Why a value of this core schema could not be read again; None where it can."""
    for node in _nodes(schema):
        kind = node.get("type")
        if kind == "complex":
            return "a complex number has no JSON that other languages read; send its parts"
        if kind == "dataclass-field" and node.get("init_only") and not _has_default(node.get("schema")):
            return (
                f"the field {node.get('name')!r} is an InitVar without a default, which the object does not keep; "
                "give it a default, or make it a field"
            )
    return None


def _has_default(schema: object) -> bool:
    return isinstance(schema, dict) and cast("Mapping[str, object]", schema).get("type") == "default"


def _nodes(schema: object) -> Iterator[Mapping[str, object]]:
    waiting, seen = [schema], 0
    while waiting and seen < _MOST_NODES:
        node = waiting.pop()
        seen += 1
        if isinstance(node, dict):
            found = cast("dict[str, object]", node)
            yield found
            waiting.extend(value for name, value in found.items() if name not in _ASIDE)
        elif isinstance(node, list | tuple):
            waiting.extend(cast("list[object]", node))
