"""A Hypothesis strategy of models: fields of every kind that survives, under every kind of name and configuration."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    ConfigDict,
    Field,
    Json,
    RootModel,
    SecretBytes,
    SecretStr,
    computed_field,
    create_model,
    field_serializer,
)
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

T = TypeVar("T")


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


@dataclass(slots=True, kw_only=True)
class Slotted:
    number: int
    secret: SecretStr


class Pair(NamedTuple):
    left: int
    right: Decimal


class Loose(TypedDict):
    always: Annotated[int, Field(ge=0)]
    sometimes: NotRequired[bytes]


class Words(RootModel[list[str]]):
    pass


class Box(BaseModel, Generic[T]):
    content: T = Field(serialization_alias="inhalt")


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    when: datetime


class Circle(BaseModel):
    model_config = ConfigDict(extra="forbid")

    radius: int

    @computed_field
    @property
    def diameter(self) -> int:
        return 2 * self.radius


class Written(BaseModel):
    when: datetime

    @field_serializer("when")
    def write(self, when: datetime) -> str:
        return f"{when:%d.%m.%Y}"


_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3))])
_MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=_ZONES)  # noqa: DTZ001 — the zone comes with it
_NUMBERS = st.integers(-(2**100), 2**100)
_DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_BYTES = st.binary(max_size=8)
_DURATIONS = st.timedeltas(timedelta(days=-900), timedelta(days=900))

KINDS: Mapping[str, tuple[object, st.SearchStrategy[Any]]] = {
    "int": (int, _NUMBERS),
    "float": (float, st.floats(allow_nan=False, allow_infinity=False)),
    "bool": (bool, st.booleans()),
    "text": (str, _TEXTS),
    "bytes": (bytes, _BYTES),
    "bytes in a list": (list[bytes], st.lists(_BYTES, max_size=3)),
    "bytes by name": (dict[str, bytes], st.dictionaries(_TEXTS, _BYTES, max_size=3)),
    "decimal": (Decimal, _DECIMALS),
    "moment": (datetime, _MOMENTS),
    "date": (date, st.dates()),
    "time": (time, st.times()),
    "duration": (timedelta, _DURATIONS),
    "uuid": (UUID, st.uuids()),
    "path": (Path, st.sampled_from([Path("a/b"), Path("/tmp/ü"), Path()])),
    "IPv4": (IPv4Address, st.ip_addresses(v=4)),
    "IPv6": (IPv6Address, st.ip_addresses(v=6)),
    "enum": (Colour, st.sampled_from(Colour)),
    "enum keys": (dict[Colour, int], st.dictionaries(st.sampled_from(Colour), _NUMBERS)),
    "number keys": (dict[int, str], st.dictionaries(_NUMBERS, _TEXTS, max_size=3)),
    "level keys": (dict[Level, str], st.dictionaries(st.sampled_from(Level), _TEXTS)),
    "literal keys": (dict[Literal["a", "b"], int], st.dictionaries(st.sampled_from(["a", "b"]), _NUMBERS)),
    "tuple keys": (dict[tuple[int, str], bytes], st.dictionaries(st.tuples(_NUMBERS, _TEXTS), _BYTES, max_size=3)),
    "tuple": (tuple[int, str, Decimal], st.tuples(_NUMBERS, _TEXTS, _DECIMALS)),
    "tuples": (tuple[UUID, ...], st.lists(st.uuids(), max_size=3).map(tuple)),
    "set": (set[int], st.sets(_NUMBERS, max_size=3)),
    "frozen set": (frozenset[str], st.frozensets(_TEXTS, max_size=3)),
    "optional": (datetime | None, st.none() | _MOMENTS),
    "json": (Json[list[int]], st.lists(st.integers(-9, 9), max_size=3)),
    "secret": (SecretStr, _TEXTS.map(SecretStr)),
    "secret bytes": (SecretBytes, _BYTES.map(SecretBytes)),
    "slotted": (Slotted, st.builds(Slotted, number=_NUMBERS, secret=_TEXTS.map(SecretStr))),
    "pair": (Pair, st.builds(Pair, _NUMBERS, _DECIMALS)),
    "typed dict": (
        Loose,
        st.fixed_dictionaries({"always": st.integers(0, 9)}, optional={"sometimes": _BYTES}),
    ),
    "root": (Words, st.builds(Words, st.lists(_TEXTS, max_size=3))),
    "generic": (Box[bytes], st.builds(Box[bytes], content=_BYTES)),
    "tagged": (
        Annotated[Cat | Dog, Field(discriminator="kind")],
        st.builds(Cat, lives=_NUMBERS) | st.builds(Dog, when=_MOMENTS),
    ),
    "computed": (Circle, st.builds(Circle, radius=st.integers(0, 9))),
    "written": (Written, st.builds(Written, when=_MOMENTS)),
}
_CONFIGURATIONS: tuple[ConfigDict, ...] = (
    ConfigDict(),
    ConfigDict(extra="forbid"),
    ConfigDict(alias_generator=to_camel),
    ConfigDict(alias_generator=to_camel, validate_by_name=True),
    ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True),
    ConfigDict(serialize_by_alias=True),
)


def _names(name: str) -> tuple[dict[str, Any], ...]:
    return (
        {},
        {"alias": f"{name}-alias"},
        {"validation_alias": f"read-{name}"},
        {"serialization_alias": f"written-{name}"},
        {"validation_alias": f"read-{name}", "serialization_alias": f"written-{name}"},
        {"validation_alias": AliasPath("nested", name)},
        {"validation_alias": AliasChoices(f"first-{name}", f"second-{name}")},
        {"exclude": True},
        {"repr": False},
    )


@st.composite
def instances(draw: st.DrawFn) -> BaseModel:
    """A model of up to four fields, and an instance of it."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4))
    fields: dict[str, Any] = {}
    values: dict[str, object] = {}
    for number, kind in enumerate(kinds):
        name = f"field_{number}"
        annotation, strategy = KINDS[kind]
        fields[name] = (annotation, Field(**draw(st.sampled_from(_names(name)))))
        values[name] = draw(strategy)
    config = draw(st.sampled_from(_CONFIGURATIONS))
    model = create_model("Generated", __config__=config, **fields)
    return _construct(model, values)


def _construct(model: type[BaseModel], values: Mapping[str, object]) -> BaseModel:
    # Made by its fields, whatever names the model reads: what is sent is an object, not text.
    return model.model_construct(_fields_set=set(values), **values)
