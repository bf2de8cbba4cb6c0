"""Types whose schemas have all that a schema may have."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal, NotRequired
from uuid import UUID

from pydantic import AnyUrl, BaseModel, Field
from typing_extensions import TypeAliasType, TypedDict


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


class Chain(TypedDict):
    """A part with an optional field of its own type and no default."""

    link: NotRequired[Chain]


class Expression(BaseModel):
    """A part that needs itself, or a number."""

    left: Expression | int
    right: Expression | int


Json = TypeAliasType("Json", "list[Json] | dict[str, Json] | str")
