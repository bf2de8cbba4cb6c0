"""Tables, durations, schemas and examples."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

import pytest
from jsonschema_rs import validator_for
from pydantic import AnyUrl, BaseModel, Field, TypeAdapter
from rich.cells import cell_len

from output.cli.render.table import Column, cut, lay_out
from output.cli.render.times import describe_duration
from output.json_schema.describe import describe_fields, describe_schema
from output.json_schema.example import example_of


class Colour(Enum):
    RED = "red"


class Leaf(BaseModel):
    """A part that may hold itself."""

    name: str = Field(min_length=3, max_length=5)
    parent: Leaf | None = None
    children: list[Leaf] = []


class Everything(BaseModel):
    """One of each."""

    text: str
    url: AnyUrl
    count: Annotated[int, Field(ge=10, multiple_of=4)]
    share: Annotated[float, Field(gt=0, lt=1)]
    debt: Annotated[int, Field(lt=0)]
    price: Decimal
    day: date
    pause: timedelta
    key: UUID
    colour: Colour
    mode: Literal["fast", "slow"]
    flag: bool
    pair: tuple[int, str]
    tags: Annotated[list[str], Field(min_length=2, description="what it is about")]
    leaf: Leaf
    by_name: dict[str, int]
    choice: int | str
    given: str = Field(examples=["as said"])
    optional: str | None = None


@pytest.mark.parametrize("shape", [Everything, Leaf, int, str, list[Leaf], dict[str, Leaf], Colour, None, bool])
def test_an_example_fits_its_schema(shape: type) -> None:
    schema = TypeAdapter[object](shape).json_schema()

    assert validator_for(schema).is_valid(example_of(schema)), example_of(schema)


def test_given_examples_and_defaults_come_first() -> None:
    example = example_of(Everything.model_json_schema())

    assert isinstance(example, dict)
    assert (example["given"], example["optional"]) == ("as said", None)


def test_a_schema_is_one_line_and_its_fields_are_a_line_each() -> None:
    schema = Everything.model_json_schema()

    assert describe_schema(None) == "any"
    assert "url: string (uri)" in describe_schema(schema)
    assert "leaf: Leaf" in describe_schema(schema)
    assert 'mode: "fast" | "slow"' in describe_fields(schema)
    assert "tags: [string] — what it is about" in describe_fields(schema)
    assert "optional?: string | null — default null" in describe_fields(schema)


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0 ms"),
        (999, "999 ms"),
        (4_230, "4.2 s"),
        (59_990, "1 min"),
        (185_000, "3 min 5 s"),
        (7_800_000, "2 h 10 min"),
        (356_400_000, "4 d 3 h"),
    ],
)
def test_durations_are_said_as_people_say_them(milliseconds: float, said: str) -> None:
    assert describe_duration(milliseconds) == said


@pytest.mark.parametrize("width", [30, 50, 80, None])
def test_a_table_is_never_wider_than_its_window(width: int | None) -> None:
    columns = [Column("STATUS"), Column("NAME", shrink=1), Column("RUN", shrink=2)]
    rows = [["failed", "名前" * 20, "0199-1234-5678"], ["ok", "short", "x\ny"]]

    lines = lay_out(columns, rows, width=width)

    assert width is None or all(cell_len(line) <= width for line in lines)
    assert len(lines) == 3
    assert lines[2].endswith("x y")


def test_a_cut_keeps_the_width_of_wide_characters() -> None:
    assert cut("名前名前", 6) == "名前 …"
    assert cell_len(cut("名前名前", 6)) == 6
    assert cut("short", 10) == "short"
    assert cut("short", 7, pad=True) == "short  "
