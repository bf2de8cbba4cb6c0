"""The exact form of values that do not come back from their readable JSON: by field names, nothing left out or masked.

pydantic keeps one schema for parsing and writing. Here it is copied without what is meant for readers: aliases,
excluded and computed fields, an author's serializers, the mask of secrets.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast

import pydantic_core
from pydantic import SecretBytes, SecretStr, TypeAdapter
from pydantic_core import SchemaSerializer, SchemaValidator

T = TypeVar("T")
_FIELDS = frozenset({"model-field", "dataclass-field", "typed-dict-field"})
_READERS = ("serialization_exclude", "serialization_alias", "validation_alias", "serialization_exclude_if")
_BYTES = {"ser_json_bytes": "base64", "val_json_bytes": "base64"}
_MOST_NODES = 200_000


class ExactForm(Generic[T]):
    """Writes and reads the exact form of one type; `is_needed` where its readable JSON would not come back the same."""

    def __init__(self, adapter: TypeAdapter[T]) -> None:
        copy = _Copy()
        schema = cast("Any", copy.of(adapter.core_schema))
        self.is_needed = copy.is_changed
        self._schema = schema
        config = cast("Any", _BYTES)
        # Without the serializers and validators that the classes have: those are for readers.
        self._writer = SchemaSerializer(schema, config, _use_prebuilt=False) if self.is_needed else None
        self._reader = SchemaValidator(schema, config, _use_prebuilt=False) if self.is_needed else None

    def dump(self, value: object) -> bytes | None:
        """The exact form; None where it is not needed, or the value has none."""
        if self._writer is None:
            return None
        try:
            return self._writer.to_json(value, warnings=False)
        except (pydantic_core.PydanticSerializationError, ValueError, TypeError):
            return None

    def parse(self, data: bytes) -> T:
        """The value; raises pydantic's ValidationError."""
        assert self._reader is not None
        return cast("T", self._reader.validate_json(data))


class _Copy:
    """A copy of a core schema without what is meant for readers."""

    def __init__(self) -> None:
        self.is_changed = False
        self._nodes = 0

    def of(self, node: object) -> object:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            return node
        if isinstance(node, dict):
            return self._of_mapping(cast("dict[str, object]", node))
        if isinstance(node, list):
            return [self.of(each) for each in cast("list[object]", node)]
        if isinstance(node, tuple):
            return tuple(self.of(each) for each in cast("tuple[object, ...]", node))
        return node

    def _of_mapping(self, node: dict[str, object]) -> object:
        kind = node.get("type")
        if kind == "json" and "schema" in node:
            self.is_changed = True
            return self.of(node["schema"])
        left_out = self._left_out(node, kind)
        if left_out:
            self.is_changed = True
        copied = {name: self.of(each) for name, each in node.items() if name not in left_out and name != "metadata"}
        if kind == "dict" and _is_tuple(node.get("keys_schema")):
            self.is_changed = True
            return _as_pairs(copied)
        if kind in {"bytes", "model", "dataclass", "typed-dict"}:
            self._write_bytes_as_text(copied, kind)
        if _is_masking(node.get("serialization")):
            self.is_changed = True
            copied["serialization"] = {"type": "function-plain", "function": _reveal}
        return copied

    def _left_out(self, node: Mapping[str, object], kind: object) -> set[str]:
        left_out: set[str] = set()
        if kind in _FIELDS:
            left_out |= {name for name in _READERS if node.get(name)}
        if node.get("computed_fields"):
            left_out.add("computed_fields")
        if _is_authored(node.get("serialization")):
            left_out.add("serialization")
        return left_out

    def _write_bytes_as_text(self, copied: dict[str, object], kind: object) -> None:
        if kind == "bytes":
            self.is_changed = True
            return
        config = cast("dict[str, object]", copied.get("config") or {})
        copied["config"] = {**config, **_BYTES}


def _is_tuple(schema: object) -> bool:
    return isinstance(schema, dict) and cast("Mapping[str, object]", schema).get("type") == "tuple"


def _as_pairs(copied: Mapping[str, object]) -> dict[str, object]:
    """A mapping as a list of pairs: JSON's own keys are text, from which a tuple does not come back."""
    pair = {"type": "tuple", "items_schema": [copied["keys_schema"], copied.get("values_schema", {"type": "any"})]}
    lengths = {name: copied[name] for name in ("min_length", "max_length") if name in copied}
    pairs = {"type": "list", "items_schema": pair, **lengths}
    return {
        "type": "function-after",
        "function": {"type": "no-info", "function": dict},
        "schema": pairs,
        "serialization": {"type": "function-plain", "function": _pairs_of, "return_schema": pairs},
    }


def _pairs_of(mapping: Mapping[object, object]) -> list[tuple[object, object]]:
    return list(mapping.items())


def _function_of(serialization: object) -> object:
    return cast("Mapping[str, object]", serialization).get("function") if isinstance(serialization, dict) else None


def _is_masking(serialization: object) -> bool:
    return getattr(_function_of(serialization), "__name__", "") == "_serialize_secret_field"


def _is_authored(serialization: object) -> bool:
    """Whether an author wrote the serializer; those of the library are what makes JSON of its types."""
    function = _function_of(serialization)
    if function is None or _is_masking(serialization):
        return False
    module = getattr(function, "__module__", None) or getattr(getattr(function, "func", None), "__module__", "") or ""
    return not module.startswith(("pydantic", "builtins"))


def _reveal(value: object) -> object:
    if isinstance(value, SecretBytes):
        return base64.urlsafe_b64encode(value.get_secret_value()).decode()
    return value.get_secret_value() if isinstance(value, SecretStr) else cast("Any", value).get_secret_value()
