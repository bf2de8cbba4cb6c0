"""Inputs made from schemas fit them."""

import json
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, HttpUrl, TypeAdapter

from output.dev.sample_input import Schema, find_scenario, make_example


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
    adapter.validate_json(json.dumps(make_example(adapter.json_schema())))


def test_what_the_author_gives_as_an_example_is_taken() -> None:
    example = make_example(Tree.model_json_schema())

    assert isinstance(example, dict)
    assert example["city"] == "Malmö"


def test_a_schema_without_end_still_gives_an_example() -> None:
    schema: Schema = {
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}, "required": ["next"]}},
        "$ref": "#/$defs/Node",
    }

    assert isinstance(make_example(schema), dict)


def test_without_a_schema_the_example_is_null() -> None:
    assert make_example(None) is None


def test_the_first_scenario_that_is_json_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "a.json").write_text("{broken")
    (folder / "b.json").write_text('{"ledger": "märz.csv"}', encoding="utf-8")
    (folder / "c.json").write_text("3")

    assert find_scenario(tmp_path) == {"ledger": "märz.csv"}
    assert find_scenario(folder) is None
