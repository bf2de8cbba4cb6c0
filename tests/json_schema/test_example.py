"""Inputs made from schemas fit them."""

import json
from typing import Annotated, Literal
from uuid import UUID

import pytest
from jsonschema_rs import validator_for
from pydantic import BaseModel, Field, HttpUrl, TypeAdapter

from output.json_schema.example import example_of
from tests.json_schema.shapes import Chain, Colour, Everything, Expression, Json
from tests.json_schema.shapes import Leaf as Part


class Leaf(BaseModel):
    """A part."""

    kind: Literal["oak", "elm"]
    weight: Annotated[float, Field(gt=2)]


class Tree(BaseModel):
    """All that a schema may ask for."""

    url: HttpUrl
    id: UUID
    leaves: list[Leaf] = Field(min_length=2)
    pair: tuple[int, str]
    count: Annotated[int, Field(ge=10, multiple_of=4)]
    small: Annotated[int, Field(le=-5)]
    name: Annotated[str, Field(min_length=12)]
    short: Annotated[str, Field(max_length=3)]
    either: Leaf | None
    parent: "Tree | None" = None
    note: str = "as it comes"
    city: str = Field(examples=["Malmö"])


@pytest.mark.parametrize(
    "adapter",
    [
        pytest.param(TypeAdapter(Tree), id="model"),
        pytest.param(TypeAdapter(Leaf), id="small model"),
        pytest.param(TypeAdapter(int), id="integer"),
        pytest.param(TypeAdapter(bool), id="boolean"),
        pytest.param(TypeAdapter(list[HttpUrl]), id="list"),
        pytest.param(TypeAdapter(dict[str, int]), id="object"),
    ],
)
def test_an_example_fits_its_schema(adapter: TypeAdapter[object]) -> None:
    adapter.validate_json(json.dumps(example_of(adapter.json_schema())))


def test_what_the_author_gives_as_an_example_is_taken() -> None:
    example = example_of(Tree.model_json_schema())

    assert isinstance(example, dict)
    assert example["city"] == "Malmö"


def test_a_schema_that_no_finite_value_fits_gives_null() -> None:
    schema = {
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}, "required": ["next"]}},
        "$ref": "#/$defs/Node",
    }

    assert example_of(schema) is None


def test_without_a_schema_the_example_is_null() -> None:
    assert example_of(None) is None


@pytest.mark.parametrize(
    "shape",
    [Everything, Part, Chain, Expression, Json, int, str, list[Part], dict[str, Part], Colour, None, bool, list[Chain]],
)
@pytest.mark.parametrize("required_only", [True, False])
def test_an_example_of_any_shape_is_valid_and_ends(shape: type, required_only: bool) -> None:
    schema = TypeAdapter[object](shape).json_schema()
    example = example_of(schema, required_only=required_only)

    assert validator_for(schema).is_valid(example), example


def test_given_examples_and_defaults_come_first() -> None:
    example = example_of(Everything.model_json_schema())

    assert isinstance(example, dict)
    assert (example["given"], example["optional"]) == ("as said", None)
