"""A form of plain HTML fields from a schema, and the value that a filled one stands for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import JsonValue

from output.json_schema.resolve import Schema, resolve

FieldKind = Literal[
    "text", "long_text", "number", "integer", "yes_no", "choice", "date", "datetime", "email", "password", "lines",
    "json", "group",
]  # fmt: skip
ROOT = "answer"
_DEEPEST = 4
_LONG = 200  # characters beyond which a text gets a field of several lines
_FORMATS: Mapping[str, FieldKind] = {
    "date": "date",
    "date-time": "datetime",
    "email": "email",
    "password": "password",
}


@dataclass(frozen=True)
class FormField:
    """One field; `name` is its place, such as `trip.days`, `key` its last part. A group has fields of its own."""

    name: str
    key: str
    label: str
    kind: FieldKind
    is_required: bool = True
    help: str = ""
    options: Sequence[str] = ()  # JSON of each choice
    default: object = None
    fields: Sequence[FormField] = ()


def form_of(schema: Schema | None) -> FormField:
    """The whole form: a group for an object, one field for all else; JSON where there is no schema."""
    if schema is None:
        return FormField(ROOT, ROOT, "Answer", "json")
    return _field(schema, schema, name=ROOT, key=ROOT, is_required=True, depth=0)


def read_form(field: FormField, given: Mapping[str, str]) -> JsonValue:
    """The value of a filled form; what cannot be read stays a text, for the schema to refuse at its place."""
    found = _read(field, given)
    return None if found is None else found[0]


def _field(schema: Schema, root: Schema, *, name: str, key: str, is_required: bool, depth: int) -> FormField:
    schema = _meant(schema, root)
    title = schema.get("title")
    kind, options = _kind(schema, root, depth)
    fields: list[FormField] = []
    if kind == "group":
        required = cast("Sequence[str]", schema.get("required", ()))
        for each, inner in _properties(schema).items():
            place = f"{name}.{each}" if depth else each
            # In a group that may be left out, the browser must let everything be left out.
            needed = each in required and is_required
            fields.append(_field(inner, root, name=place, key=each, is_required=needed, depth=depth + 1))
    return FormField(
        name,
        key,
        title if isinstance(title, str) and title and depth > 0 else _words(key),
        kind,
        is_required,
        help=str(schema.get("description", "")) if depth > 0 else "",
        options=options,
        default=schema.get("default"),
        fields=fields,
    )


def _meant(schema: Schema, root: Schema) -> Schema:
    """The schema behind references and behind `or null`."""
    schema = resolve(schema, root)
    parts = [resolve(part, root) for part in _list(schema.get("anyOf") or schema.get("oneOf"))]
    options = [part for part in parts if part.get("type") != "null"]
    if not options:
        whole = _list(schema.get("allOf"))
        return {**resolve(whole[0], root), **schema} if len(whole) == 1 else schema
    beside = {key: value for key, value in schema.items() if key not in {"anyOf", "oneOf"}}
    if len(options) == 1:
        return {**_meant(options[0], root), **beside}
    texts = [option for option in options if option.get("type") == "string"]  # a decimal is a number or a text
    return {**texts[0], **beside} if texts else {"type": "unknown", **beside}


def _kind(schema: Schema, root: Schema, depth: int) -> tuple[FieldKind, Sequence[str]]:
    choices = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    if isinstance(choices, list):
        return "choice", [json.dumps(choice, ensure_ascii=False) for choice in cast("list[object]", choices)]
    kind: FieldKind = "json"
    match schema.get("type"):
        case "boolean":
            kind = "yes_no"
        case "integer":
            kind = "integer"
        case "number":
            kind = "number"
        case "string":
            kind = _text_kind(schema)
        case "object" if _properties(schema) and depth < _DEEPEST:
            kind = "group"
        case "array" if _is_plain_text(schema.get("items"), root):
            kind = "lines"
        case _:
            pass
    return kind, ()


def _is_plain_text(items: object, root: Schema) -> bool:
    inner: Schema = _meant(cast("Schema", items), root) if isinstance(items, Mapping) else {}
    return inner.get("type") == "string" and "enum" not in inner


def _text_kind(schema: Schema) -> FieldKind:
    if schema.get("writeOnly") is True:
        return "password"
    known = _FORMATS.get(str(schema.get("format")))
    if known is not None:
        return known
    longest = schema.get("maxLength")
    return "text" if isinstance(longest, int) and longest <= _LONG else "long_text"


def _read(field: FormField, given: Mapping[str, str]) -> tuple[JsonValue] | None:
    """The value, None for one that was left out."""
    if field.kind == "group":
        values = {inner.key: _read(inner, given) for inner in field.fields}
        if not field.is_required and all(value in (None, ("",)) for value in values.values()):
            return None
        return ({name: value[0] for name, value in values.items() if value is not None},)
    text = given.get(field.name, "").replace("\r\n", "\n")
    if not text.strip():
        # A text that is asked for may be empty; nothing else can be.
        return ("",) if field.is_required and field.kind in {"text", "long_text"} and field.name in given else None
    return (_value(field.kind, text),)


def _value(kind: FieldKind, text: str) -> JsonValue:
    if kind == "lines":
        return [line for line in text.split("\n") if line.strip()]
    if kind == "datetime" and len(text) == len("2026-03-06T10:30"):
        return f"{text}:00Z"
    if kind in {"json", "choice", "number", "integer", "yes_no"}:
        try:
            return cast("JsonValue", json.loads(text))
        except ValueError:
            return text
    return text


def _properties(schema: Schema) -> Mapping[str, Schema]:
    found = schema.get("properties")
    return cast("Mapping[str, Schema]", found) if isinstance(found, Mapping) else {}


def _list(value: object) -> list[Schema]:
    return cast("list[Schema]", value) if isinstance(value, list) else []


def _words(name: str) -> str:
    return name.replace("_", " ").strip().capitalize() or name
