"""What a `$ref` means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

Schema = Mapping[str, object]


def resolve(schema: Schema, root: Schema) -> Schema:
    """The schema that a `$ref` into the root means, with what stands beside the `$ref`; or the schema itself.

    A reference to nowhere, or in a circle, is left as it is.
    """
    seen: set[str] = set()
    while isinstance(reference := schema.get("$ref"), str) and reference not in seen:
        seen.add(reference)
        found = _at(root, reference)
        if found is None:
            break
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**found, **beside} if beside else found
    return schema


def _at(root: Schema, reference: str) -> Schema | None:
    if reference == "#":
        return root
    if not reference.startswith("#/"):
        return None
    return _below(root, reference[2:].split("/"))


def _below(root: Schema, pointer: Sequence[str]) -> Schema | None:
    found = root
    for part in pointer:
        inner = found.get(part.replace("~1", "/").replace("~0", "~"))
        if not isinstance(inner, Mapping):
            return None
        found = cast("Schema", inner)
    return found
