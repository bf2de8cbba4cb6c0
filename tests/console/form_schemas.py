"""Schemas that pydantic writes, with values that it takes: fixtures of the console's form.

`python -m tests.console.form_schemas` writes them anew; a test tells when pydantic writes others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, NotRequired
from uuid import UUID

from pydantic import (
    AnyUrl,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    RootModel,
    SecretStr,
    StringConstraints,
)
from typing_extensions import TypedDict

from output.authoring.schema.value_type import ValueType
from tests.projects.forms.workflows.everything.models import (
    Address,
    Colour,
    Everything,
    Level,
    Pet,
    Tree,
)

FIXTURES = Path(__file__).parents[2] / "console" / "tests" / "fixtures" / "schemas.json"


@dataclass(frozen=True)
class Case:
    """What a workflow may take, and values that fit."""

    name: str
    annotation: object
    values: Sequence[object]


class Only(Enum):
    ONE = "one"


class Even(BaseModel):
    odd: Odd | None = None


class Odd(BaseModel):
    even: Even


class Titled(BaseModel):
    model_config = ConfigDict(title="A titled model")
    billing: Address = Field(title="Billing address", description="Where the bill goes")
    shipping: Address
    note: str = Field(default="", title="Note", examples=["leave at the door"])


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int = 1


class OpenTyped(BaseModel):
    model_config = ConfigDict(extra="allow")
    # Pydantic's own way to say of which type the others are.
    __pydantic_extra__: dict[str, int] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]
    a: str = "x"


class Point(NamedTuple):
    x: int
    y: int = 0


class Movie(TypedDict):
    name: str
    year: NotRequired[int]


class Aliased(BaseModel):
    from_: str = Field(alias="from")
    slash: int = Field(alias="a/b~c.d")


class Login(BaseModel):
    user: str
    password: SecretStr
    tokens: list[SecretStr] = []


class Words(RootModel[list[str]]):
    """Words in order."""


class MaybePet(RootModel[Pet | None]):
    """A pet, or none."""


class ByNumber(BaseModel):
    kind: Literal[1]
    one: str


class ByOther(BaseModel):
    kind: Literal[2]
    two: str


class A(BaseModel):
    a: int
    shared: str = ""


class B(BaseModel):
    b: int
    shared: str = ""


class Deprecated(BaseModel):
    old: int | None = Field(default=None, deprecated=True)
    new: int = Field(default=3, ge=1, le=10, multiple_of=1)


_CASES = (
    Case("text", str, ["", "hello", "two\nlines"]),
    Case("bounded text", Annotated[str, StringConstraints(min_length=1, max_length=3, pattern="^a")], ["a", "abc"]),
    Case("integer", int, [0, -1, 9007199254740993, 10**30]),
    Case("bounded integer", Annotated[int, Field(ge=1, lt=10, multiple_of=2)], [2, 8]),
    Case("float", float, [0, 0.1, -1e-7, 1e300]),
    Case("decimal", Decimal, ["12.30", "0", 1.5, "-0.000000000000000000001"]),
    Case("bounded decimal", Annotated[Decimal, Field(gt=0, max_digits=5, decimal_places=2)], ["12.30"]),
    Case("boolean", bool, [True, False]),
    Case("null", None, [None]),
    Case("optional integer", int | None, [None, 1]),
    Case("date", date, ["2026-03-06"]),
    Case("date-time", datetime, ["2026-03-06T10:30:45Z", "2026-03-06T10:30:45.123456+02:00"]),
    Case("aware date-time", AwareDatetime, ["2026-03-06T10:30:45Z"]),
    Case("time", time, ["10:30:45"]),
    Case("duration", timedelta, ["PT1H30M", "P1D"]),
    Case("uuid", UUID, ["0194b6f2-7c1e-7d3a-9a55-3f0c6f1a2b3c"]),
    Case("url", AnyUrl, ["https://example.com/"]),
    Case("address", IPv4Address, ["192.0.2.1"]),
    Case("bytes", bytes, ["aGVsbG8="]),
    Case("secret", SecretStr, ["hunter2"]),
    Case("enumeration", Colour, ["red"]),
    Case("enumeration of numbers", Level, [1, 2]),
    Case("enumeration of one", Only, ["one"]),
    Case("literals of several types", Literal["a", 1, True, None], ["a", 1, True, None]),
    Case("list", list[int], [[], [1, 2, 9007199254740993]]),
    Case("bounded list", Annotated[list[str], Field(min_length=2, max_length=3)], [["a", "b"], ["a", "", "c"]]),
    Case("list of lists", list[list[int]], [[[1], [], [2, 3]]]),
    Case("list of anything", list[Any], [[1, "a", None, {"b": [0]}]]),
    Case("set", set[str], [["a", "b"]]),
    Case("tuple", tuple[int, str, bool], [[1, "a", True]]),
    Case("tuple of any length", tuple[int, ...], [[], [1, 2]]),
    Case("named tuple", Point, [[1, 2], [1]]),
    Case("dict", dict[str, int], [{}, {"a": 1, "a.b": 2, "": 3, "a/b~c": 4, "__proto__": 5}]),
    Case("dict with keys that are numbers", dict[int, Address], [{"7": {"street": "s", "zip": "12345"}}]),
    Case("dict with patterned keys", dict[Annotated[str, StringConstraints(pattern="^x-")], str], [{"x-a": "b"}]),
    Case("dict with keys of an enumeration", dict[Colour, int], [{"red": 1}]),
    Case("dict of dicts", dict[str, dict[str, list[int]]], [{"a": {"b": [1]}}]),
    Case("anything", Any, [None, 1, "a", [1], {"a": None}, 9007199254740993]),
    Case("JSON", JsonValue, [None, {"a": [1.50]}]),
    Case("object", Address, [{"street": "s", "zip": "12345"}, {"street": "s", "zip": "12345", "country": "AT"}]),
    Case("titles", Titled, [{k: {"street": "s", "zip": "12345"} for k in ("billing", "shipping")}]),
    Case("closed object", Strict, [{"a": 1}]),
    Case("open object", Open, [{}, {"a": 2, "b": [1]}]),
    Case("open object of integers", OpenTyped, [{}, {"b": 2}]),
    Case("typed dict", Movie, [{"name": "n"}, {"name": "n", "year": 1999}]),
    Case("aliases", Aliased, [{"from": "x", "a/b~c.d": 1}]),
    Case("secrets", Login, [{"user": "ada", "password": "hunter2", "tokens": ["a", "b"]}]),
    Case("root model", Words, [["a", "b"]]),
    Case("tagged union", Pet,
        [{"kind": "cat", "lives": 3}, {"kind": "dog", "good": True}, {"kind": "vixen", "den": None}, {"kind": "fox"}],
    ),
    Case("optional tagged union", MaybePet, [None, {"kind": "cat"}]),
    Case("list of tagged unions", list[Pet], [[{"kind": "cat"}, {"kind": "dog", "good": False}]]),
    Case("union with tags that are numbers", ByNumber | ByOther, [{"kind": 1, "one": "a"}, {"kind": 2, "two": "b"}]),
    Case("union of models", A | B, [{"a": 1}, {"b": 2, "shared": "s"}]),
    Case("union of scalars", int | str | bool, [1, "1", True]),
    Case("union of anything", int | list[int] | dict[str, int] | None, [None, 1, [1], {"a": 1}]),
    Case("recursion", Tree,
        [{"name": "a", "left": {"name": "b"}, "branches": [{"name": "c"}], "named": {"d": {"name": "e"}}}],
    ),
    Case("mutual recursion", Even, [{}, {"odd": {"even": {"odd": None}}}]),
    Case("deprecated and bounded", Deprecated, [{}, {"old": 1, "new": 10}]),
    Case("everything", Everything,
        [
            {
                "text": "t", "limited": "abc", "whole": 1, "huge": 9007199254740995, "fraction": 1.5, "money": "12.30",
                "yes": True, "no": True, "colour": "blue", "level": 2, "mixed": None, "day": "2026-03-06",
                "moment": "2026-03-06T10:30:45Z", "clock": "10:30:00", "wait": "PT5M",
                "id": "0194b6f2-7c1e-7d3a-9a55-3f0c6f1a2b3c", "link": "https://example.com/",
                "pet": {"kind": "dog", "good": True}, "maybe_pet": {"kind": "cat", "lives": 1},
                "address": {"street": "s", "zip": "12345"}, "second": {"street": "t", "zip": "54321", "country": "AT"},
                "pair": [1, "one"], "labels": {"a.b": "c"}, "places": {"home": {"street": "s", "zip": "12345"}},
                "tags": ["x", "y"], "tree": {"name": "root", "branches": [{"name": "leaf"}]}, "anything": {"a": [1]},
                "free": [None], "secret": "hunter2", "either": [1, 2],
            }
        ],
    ),
)  # fmt: skip
CASES: Mapping[str, Case] = {case.name: case for case in _CASES}


def describe(annotation: object) -> dict[str, JsonValue]:
    """The schema as a workflow that takes this publishes it."""
    schema = ValueType(annotation, label="Input", path="input").schema("validation")
    # No annotation, or `Any`: no schema is published.
    return {} if schema is None else schema


def write() -> str:
    """All cases as JSON."""
    cases = [
        {"name": case.name, "schema": describe(case.annotation), "values": list(case.values)} for case in CASES.values()
    ]
    return json.dumps(cases, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FIXTURES.write_text(write(), encoding="utf-8")
