"""JSON Schemas as people read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

from output.json_schema.resolve import Schema, resolve


def describe_schema(schema: Schema | None) -> str:
    """One line: `{url: string, limit?: integer}`; `any` for no schema."""
    if schema is None:
        return "any"
    resolved = resolve(schema, schema)
    if resolved.get("type") == "object" and "properties" in resolved:
        fields = [f"{name}{mark}: {_kind(part, schema)}" for name, mark, part in _fields(resolved)]
        return f"{{{', '.join(fields)}}}"
    return _kind(schema, schema)


def describe_fields(schema: Schema | None) -> list[str]:
    """A line for each field of an object: `url: string — the page to fetch`; else the schema's own line."""
    if schema is None:
        return ["any JSON"]
    resolved = resolve(schema, schema)
    if "properties" not in resolved:
        return [_kind(schema, schema)]
    return [
        f"{name}{mark}: {_kind(part, schema)}{_remarks(resolve(part, schema))}"
        for name, mark, part in _fields(resolved)
    ]


def _fields(schema: Schema) -> list[tuple[str, str, Schema]]:
    required = cast("Sequence[str]", schema.get("required", ()))
    properties = cast("Mapping[str, object]", schema.get("properties", {}))
    return [
        (name, "" if name in required else "?", cast("Schema", part) if isinstance(part, Mapping) else {})
        for name, part in properties.items()
    ]


def _kind(schema: Schema, root: Schema, within: frozenset[str] = frozenset()) -> str:
    """The kind of a value in few words; `within` are the references that led here, so that a circle ends."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in within:
            return str(resolve(schema, root).get("title", reference.rpartition("/")[2]))
        within |= {reference}
    resolved = resolve(schema, root)
    options = resolved.get("anyOf", resolved.get("oneOf"))
    if isinstance(options, list):
        return " | ".join(dict.fromkeys(_kind(option, root, within) for option in cast("list[Schema]", options)))
    values = [resolved["const"]] if "const" in resolved else resolved.get("enum")
    if isinstance(values, list):
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in cast("list[object]", values))
    kind = resolved.get("type", "any")
    if isinstance(kind, list):
        return " | ".join(cast("list[str]", kind))
    if kind == "array":
        items = resolved.get("items")
        return f"[{_kind(cast('Schema', items), root, within)}]" if isinstance(items, Mapping) else "[any]"
    return _single(str(kind), resolved, is_reference=reference is not None)


def _single(kind: str, schema: Schema, *, is_reference: bool) -> str:
    if kind == "object":
        return str(schema.get("title", "object")) if is_reference else "object"
    form = schema.get("format")
    return f"{kind} ({form})" if form else kind


def _remarks(schema: Schema) -> str:
    said = [str(schema["description"])] if "description" in schema else []
    if "default" in schema:
        said.append(f"default {json.dumps(schema['default'], ensure_ascii=False)}")
    return f" — {'; '.join(said)}" if said else ""
