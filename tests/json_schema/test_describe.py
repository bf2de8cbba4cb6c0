"""Schemas as people read them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from output.json_schema.describe import describe_fields, describe_schema
from tests.json_schema.shapes import Chain, Everything, Json, Leaf


def test_a_schema_is_one_line_and_its_fields_are_a_line_each() -> None:
    schema = Everything.model_json_schema()

    assert describe_schema(None) == "any"
    assert "url: string (uri)" in describe_schema(schema)
    assert "leaf: Leaf" in describe_schema(schema)
    assert 'mode: "fast" | "slow"' in describe_fields(schema)
    assert "tags: [string] — what it is about" in describe_fields(schema)
    assert "optional?: string | null — default null" in describe_fields(schema)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (Leaf, "{name: string, parent?: Leaf | null, children?: [Leaf]}"),
        (Chain, "{link?: Chain}"),
        (Json, "[Json] | object | string"),
    ],
)
def test_what_holds_itself_is_named_where_it_comes_again(shape: type, text: str) -> None:
    assert describe_schema(TypeAdapter[object](shape).json_schema()) == text


def test_a_reference_to_nowhere_or_in_a_circle_is_any_value() -> None:
    schema = {
        "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}},
        "properties": {"a": {"$ref": "#/$defs/A"}},
    }

    assert describe_schema({"type": "object", **schema}) == "{a?: any}"
    assert describe_schema({"$ref": "#/$defs/none"}) == "any"
    assert describe_schema({"type": "object", "properties": {"a": {"$ref": "#"}}}).startswith("{a?: ")
