"""An input that a workflow takes, for the `curl` that is printed: a scenario's, or one made from its schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Schema: TypeAlias = "dict[str, Json]"

_DEEPEST = 8
_FORMATS = {
    "date": "2026-03-06",
    "date-time": "2026-03-06T10:30:45Z",
    "time": "10:30:45Z",
    "duration": "PT10S",
    "email": "ada@example.com",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "uri": "https://example.com/",
    "uuid": "0194b6f2-7c1e-7d3a-9a55-3f0c6f1a2b3c",
}


def find_scenario(folder: Path) -> Json | None:
    """The input in the first scenario file of a workflow's folder; None where there is none that is JSON."""
    for file in sorted((folder / "scenarios").glob("*.json")):
        try:
            return cast("Json", json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return None


def make_example(schema: Schema | None) -> Json:
    """A value that fits a JSON Schema, as small as its required parts allow."""
    if schema is None:
        return None
    definitions = schema.get("$defs")
    return _Maker(cast("Mapping[str, Schema]", definitions) if isinstance(definitions, dict) else {}).make(schema)


class _Maker:
    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions

    def make(self, schema: Schema, depth: int = 0) -> Json:
        """A value of a part of the schema."""
        if depth > _DEEPEST:
            return None
        given = _given(schema)
        if given is not None:
            return given[0]
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self.make(self._definitions.get(reference.rpartition("/")[2], {}), depth + 1)
        for key in ("anyOf", "oneOf", "allOf"):
            options = schema.get(key)
            if isinstance(options, list) and options:
                return self.make(cast("Schema", options[0]), depth + 1)
        return self._typed(schema, depth)

    def _typed(self, schema: Schema, depth: int) -> Json:
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "string":
                return _string(schema)
            case "integer" | "number":
                return _number(schema)
            case [first, *_]:
                return self.make({**schema, "type": first}, depth + 1)
            case other:
                return True if other == "boolean" else None

    def _object(self, schema: Schema, depth: int) -> Json:
        properties = cast("dict[str, Schema]", schema.get("properties") or {})
        required = cast("list[str]", schema.get("required") or [])
        return {name: self.make(properties.get(name, {}), depth + 1) for name in required}

    def _array(self, schema: Schema, depth: int) -> Json:
        prefix = cast("list[Schema]", schema.get("prefixItems") or [])
        items = schema.get("items")
        least = schema.get("minItems", 1 if isinstance(items, dict) else 0)
        values = [self.make(each, depth + 1) for each in prefix]
        if isinstance(items, dict) and isinstance(least, int):
            values += [self.make(items, depth + 1) for _ in range(least - len(values))]
        return values


def _given(schema: Schema) -> tuple[Json] | None:
    """A value that the schema itself names."""
    for key in ("const", "default"):
        if key in schema:
            return (schema[key],)
    for key in ("examples", "enum"):
        values = schema.get(key)
        if isinstance(values, list) and values:
            return (values[0],)
    return None


def _string(schema: Schema) -> str:
    known = _FORMATS.get(str(schema.get("format")))
    if known is not None:
        return known
    least, most = schema.get("minLength", 0), schema.get("maxLength", 1000)
    text = str(schema.get("title") or "text").lower()
    if isinstance(least, int) and isinstance(most, int):
        text = text.ljust(least, "x")[: max(most, 0)]
    return text


def _number(schema: Schema) -> int | float:
    lowest, highest = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    value: int | float = 1
    if isinstance(lowest, int | float) and value < lowest:
        value = lowest
    if schema.get("exclusiveMinimum") == value:
        value += 1
    if isinstance(highest, int | float) and value > highest:
        value = highest
    multiple = schema.get("multipleOf")
    if isinstance(multiple, int | float) and multiple:
        value = -(-value // multiple) * multiple
    return value
