"""All that a form has trouble with."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import AnyUrl, BaseModel, Field, JsonValue, SecretStr, StringConstraints


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Address(BaseModel):
    """Where something goes."""

    street: str
    zip: str = Field(pattern=r"^\d{5}$")
    country: str = "DE"


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    good: bool


class Fox(BaseModel):
    kind: Literal["fox", "vixen"]
    den: str | None = None


Pet: TypeAlias = Annotated[Cat | Dog | Fox, Field(discriminator="kind")]


class Tree(BaseModel):
    name: str
    left: Tree | None = None
    branches: list[Tree] = []
    named: dict[str, Tree] = {}


class Everything(BaseModel):
    """All that a form has trouble with, in one model."""

    text: str
    limited: Annotated[str, StringConstraints(min_length=2, max_length=5)]
    whole: int
    huge: int = 9007199254740993
    fraction: float = 0.5
    money: Decimal = Field(description="In euros")
    yes: bool
    no: bool = False
    colour: Colour
    level: Level | None = None
    mixed: Literal["a", 1, True, None] = "a"
    day: date
    moment: datetime | None = None
    clock: time | None = None
    wait: timedelta = timedelta(hours=1)
    id: UUID | None = None
    link: AnyUrl | None = None
    pet: Pet
    maybe_pet: Pet | None = None
    address: Address
    second: Address | None = None
    pair: tuple[int, str]
    labels: dict[str, str] = {}
    places: dict[str, Address] = {}
    tags: set[str] = set()
    tree: Tree | None = None
    anything: Any = None
    free: JsonValue = None
    secret: SecretStr | None = None
    either: int | str | list[int] = 1
