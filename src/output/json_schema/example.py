"""An example value for a JSON Schema."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from output.json_schema.resolve import Schema, resolve

_FORMATS = {
    "uri": "https://example.com/",
    "email": "ada@example.com",
    "idn-email": "ada@example.com",
    "date-time": "2026-03-06T10:30:45Z",
    "date": "2026-03-06",
    "time": "10:30:45Z",
    "duration": "PT10S",
    "uuid": "0194b6f2-7c1e-7d3a-9a55-3f0c6f1a2b3c",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
    "byte": "aGVsbG8=",
    "base64": "aGVsbG8=",
    "binary": "aGVsbG8=",
}


class _EndlessError(Exception):
    """A part holds itself and cannot be left out."""


def example_of(schema: Schema | None, *, required_only: bool = False) -> object:
    """A small value that fits: given examples and defaults first, then what the type asks for.

    Optional fields of the outermost object are shown unless `required_only`; what holds itself is left out where it
    may be. A schema that no finite value fits gives None, as does no schema.
    """
    if schema is None:
        return None
    try:
        return _Maker(schema, shown_depth=0 if required_only else 1).make(schema)
    except _EndlessError:
        return None


class _Maker:
    """Makes values of the parts of one schema; a part's name is the text where text is asked for."""

    def __init__(self, root: Schema, *, shown_depth: int) -> None:
        self._root, self._shown_depth = root, shown_depth

    def make(self, schema: Schema, *, name: str = "", depth: int = 0, within: frozenset[str] = frozenset()) -> object:
        """A value of a part; `within` are the references that led here."""
        own = resolve(schema, self._root)
        given = _given(own)
        if given is not None:
            return given[0]
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in within:
                raise _EndlessError
            within |= {reference}
        place = _Place(name, depth, within)
        for key in ("anyOf", "oneOf"):
            options = own.get(key)
            if isinstance(options, list) and options:
                return self._first(cast("Sequence[Schema]", options), place)
        if "allOf" in own:
            return self._all(cast("Sequence[Schema]", own["allOf"]), place)
        kind = own.get("type")
        if isinstance(kind, list):
            kind = next(iter(cast("list[str]", kind)), None)
        match kind:
            case "object":
                return self._object(own, place)
            case "array":
                return self._array(own, place)
            case _:
                make = _SINGLE.get(str(kind))
                return None if make is None else make(own, name)

    def _first(self, options: Sequence[Schema], place: _Place) -> object:
        """A value of the first option that has an end."""
        for option in options:
            try:
                return self._part(option, place)
            except _EndlessError:
                continue
        raise _EndlessError

    def _all(self, options: Sequence[Schema], place: _Place) -> object:
        merged: dict[str, object] = {}
        for option in options:
            part = self._part(option, place)
            if not isinstance(part, Mapping):
                return part
            merged.update(cast("Mapping[str, object]", part))
        return merged

    def _object(self, schema: Schema, place: _Place) -> object:
        properties = cast("Mapping[str, Schema]", schema.get("properties", {}))
        required = cast("Sequence[str]", schema.get("required", ()))
        made: dict[str, object] = {}
        for key in dict.fromkeys([*properties, *required]):
            if key not in required and place.depth >= self._shown_depth:
                continue
            try:
                made[key] = self.make(properties.get(key, {}), name=key, depth=place.depth + 1, within=place.within)
            except _EndlessError:
                if key in required:
                    raise
        return made

    def _array(self, schema: Schema, place: _Place) -> object:
        items = schema.get("items")
        least = int(cast("int", schema.get("minItems", 0)))
        inner = _Place(place.name, place.depth + 1, place.within)
        values = [self._part(part, inner) for part in cast("Sequence[Schema]", schema.get("prefixItems", ()))]
        if not isinstance(items, Mapping):
            return values
        wanted = max(least, 0 if values or schema.get("maxItems") == 0 else 1) - len(values)
        try:
            return values + [self._part(cast("Schema", items), inner) for _ in range(wanted)]
        except _EndlessError:
            if least > len(values):
                raise
            return values

    def _part(self, schema: Schema, place: _Place) -> object:
        return self.make(schema, name=place.name, depth=place.depth, within=place.within)


class _Place:
    """Where a part stands: its field's name, how deep, and which references led there."""

    __slots__ = ("depth", "name", "within")

    def __init__(self, name: str, depth: int, within: frozenset[str]) -> None:
        self.name, self.depth, self.within = name, depth, within


def _given(schema: Schema) -> tuple[object] | None:
    """A value that the schema itself names."""
    if "const" in schema:
        return (schema["const"],)
    for key in ("examples", "enum"):
        values = schema.get(key)
        if isinstance(values, list) and values:
            return (cast("list[object]", values)[0],)
    return (schema["default"],) if "default" in schema else None


def _text(schema: Schema, name: str) -> object:
    known = _FORMATS.get(str(schema.get("format")))
    if known is not None:
        return known
    text = name.replace("_", " ") or "text"
    least = int(cast("int", schema.get("minLength", 0)))
    most = schema.get("maxLength")
    text = text.ljust(least, "x")
    return text[: int(cast("int", most))] if most is not None else text


def _number(schema: Schema, _: str) -> object:
    step = cast("float", schema.get("multipleOf", 1))
    low = cast("float | None", schema.get("minimum", schema.get("exclusiveMinimum")))
    high = cast("float | None", schema.get("maximum", schema.get("exclusiveMaximum")))
    value: float = 1
    if low is not None and (value < low or (value == low and "exclusiveMinimum" in schema)):
        value = low if "minimum" in schema else low + 1
    if high is not None and (value > high or (value == high and "exclusiveMaximum" in schema)):
        value = high if "maximum" in schema else (low + high) / 2 if low is not None else high - 1
    return value if step == 1 else step * math.ceil(value / step)


def _truth(_schema: Schema, _name: str) -> object:
    return True


_Make: TypeAlias = Callable[[Schema, str], object]
_SINGLE: Mapping[str, _Make] = {"string": _text, "integer": _number, "number": _number, "boolean": _truth}
