"""An example value for a JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from output.json_schema.describe import Schema, resolve

_DEEPEST = 8
_FORMATS = {
    "uri": "https://example.com/",
    "email": "someone@example.com",
    "idn-email": "someone@example.com",
    "date-time": "2026-03-06T10:30:45Z",
    "date": "2026-03-06",
    "time": "10:30:45Z",
    "duration": "PT10S",
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
    "byte": "aGVsbG8=",
    "base64": "aGVsbG8=",
    "binary": "aGVsbG8=",
}


def example_of(schema: Schema) -> object:
    """A small value that fits: given examples and defaults first, then what the type asks for."""
    return _example(schema, schema, name="", depth=0)


def _example(schema: Schema, root: Schema, *, name: str, depth: int) -> object:
    own = resolve(schema, root)
    if "const" in own:
        return own["const"]
    for key in ("examples", "enum"):
        values = own.get(key)
        if isinstance(values, list) and values:
            return cast("list[object]", values)[0]
    if "default" in own:
        return own["default"]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in own:
            return _of_options(key, cast("Sequence[Schema]", own[key]), root, name=name, depth=depth)
    kind = own.get("type")
    if isinstance(kind, list):
        kind = cast("list[str]", kind)[0]
    make = _MAKERS.get(str(kind))
    return None if make is None else make(own, root, name, depth)


def _of_options(key: str, options: Sequence[Schema], root: Schema, *, name: str, depth: int) -> object:
    if key != "allOf":
        return _example(options[0], root, name=name, depth=depth)
    merged: dict[str, object] = {}
    for option in options:
        part = _example(option, root, name=name, depth=depth)
        if not isinstance(part, Mapping):
            return part
        merged.update(cast("Mapping[str, object]", part))
    return merged


def _object(schema: Schema, root: Schema, name: str, depth: int) -> object:
    properties = cast("Mapping[str, Schema]", schema.get("properties", {}))
    required = set(cast("Sequence[str]", schema.get("required", ())))
    return {
        key: _example(part, root, name=key, depth=depth + 1)
        for key, part in properties.items()
        if key in required or depth < 1
    }


def _array(schema: Schema, root: Schema, name: str, depth: int) -> object:
    items = schema.get("items")
    least = int(cast("int", schema.get("minItems", 0)))
    prefix = cast("Sequence[Schema]", schema.get("prefixItems", ()))
    values = [_example(part, root, name=name, depth=depth + 1) for part in prefix]
    if isinstance(items, Mapping) and depth < _DEEPEST:
        wanted = max(least, 1 if not prefix else 0) - len(values)
        values += [_example(cast("Schema", items), root, name=name, depth=depth + 1) for _ in range(wanted)]
    return values


def _text(schema: Schema, root: Schema, name: str, depth: int) -> object:
    known = _FORMATS.get(str(schema.get("format")))
    if known is not None:
        return known
    text = name.replace("_", " ") or "text"
    least = int(cast("int", schema.get("minLength", 0)))
    most = schema.get("maxLength")
    text += "x" * (least - len(text))
    return text[: int(cast("int", most))] if most is not None else text


def _number(schema: Schema, root: Schema, name: str, depth: int) -> object:
    step = cast("float", schema.get("multipleOf", 1))
    low = cast("float | None", schema.get("minimum", schema.get("exclusiveMinimum")))
    high = cast("float | None", schema.get("maximum", schema.get("exclusiveMaximum")))
    value: float = 1
    if low is not None and (value < low or (value == low and "exclusiveMinimum" in schema)):
        value = low if "minimum" in schema else low + 1
    if high is not None and (value > high or (value == high and "exclusiveMaximum" in schema)):
        value = high if "maximum" in schema else (low + high) / 2 if low is not None else high - 1
    return value if step == 1 else step * -(-value // step)


def _truth(schema: Schema, root: Schema, name: str, depth: int) -> object:
    return True


_MAKERS: Mapping[str, Callable[[Schema, Schema, str, int], object]] = {
    "object": _object,
    "array": _array,
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": _truth,
}
