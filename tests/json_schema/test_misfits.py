"""Misfits are told at their own place, in words that never repeat the value."""

from __future__ import annotations

import datetime
import uuid
from ipaddress import IPv4Address
from typing import Annotated, Literal

import pytest
from pydantic import AnyUrl, BaseModel, Field, SecretStr

from output.json_schema.misfits import compile_schema, find_misfits, json_pointer


class Home(BaseModel):
    street: str
    number: int


class Circle(BaseModel):
    kind: Literal["circle"]
    radius: int


class Square(BaseModel):
    kind: Literal["square"]
    side: int = Field(ge=1)


class Sketch(BaseModel):
    title: str
    home: Home | None = None
    age: int | None = None
    shape: Annotated[Circle | Square, Field(discriminator="kind")] | None = None
    plain: Circle | Square | None = None
    password: SecretStr | None = Field(None, min_length=30)


class Formats(BaseModel):
    id: uuid.UUID | None = None
    day: datetime.date | None = None
    moment: datetime.datetime | None = None
    hour: datetime.time | None = None
    wait: datetime.timedelta | None = None
    address: IPv4Address | None = None
    page: AnyUrl | None = None


def misfits(kind: type[BaseModel], value: object) -> list[tuple[str, str]]:
    schema = kind.model_json_schema()
    issues = find_misfits(compile_schema(schema), value, field="input")
    assert all(issue.pointer == "/" + issue.path.replace(".", "/") for issue in issues)
    return [(issue.path, issue.message) for issue in issues]


@pytest.mark.parametrize(
    ("below", "path", "message"),
    [
        ({"home": {"street": "s"}}, "input.home.number", "is required"),
        ({"home": {"street": "s", "number": "x"}}, "input.home.number", "should be integer"),
        ({"home": 3}, "input.home", "should be object or null"),
        ({"age": "ten"}, "input.age", "should be integer or null"),
        ({"shape": {"kind": "square", "side": 0}}, "input.shape.side", "should be at least 1"),
        ({"shape": {"kind": "line"}}, "input.shape.kind", "should be 'circle' or 'square'"),
        ({"plain": {"kind": "circle", "side": 2}}, "input.plain.radius", "is required"),
    ],
)
def test_a_misfit_below_an_alternative_is_told_at_its_own_place(
    below: dict[str, object], path: str, message: str
) -> None:
    assert misfits(Sketch, {"title": "t", **below}) == [(path, message)]


def test_every_misfit_is_told_and_no_value_is_repeated() -> None:
    value = {"home": {"street": 90210, "number": "hidden-one"}, "password": "hidden-two", "age": "hidden-three"}

    found = misfits(Sketch, value)

    assert {path for path, _ in found} == {
        "input.title", "input.home.street", "input.home.number", "input.password", "input.age",
    }  # fmt: skip
    assert not any("hidden" in message or "90210" in message for _, message in found)


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("id", "nope", "6f1c2a34-0000-4000-8000-000000000001"),
        ("day", "2026-02-30", "2026-02-28"),
        ("moment", "yesterday", "2026-01-01T00:00:00"),
        ("moment", "2026-01-01T25:00:00Z", "2026-01-01 10:00:00+02:00"),
        ("hour", "25:00", "23:00"),
        ("wait", "soon", "PT3S"),
        ("address", "300.1.1.1", "10.1.1.1"),
        ("page", "not a url", "https://example.com/a"),
    ],
)
def test_a_format_admits_what_the_type_admits(name: str, wrong: str, right: str) -> None:
    assert [path for path, _ in misfits(Formats, {name: wrong})] == [f"input.{name}"]
    assert misfits(Formats, {name: right}) == []
    assert Formats.model_validate_json(f'{{"{name}": "{right}"}}')


def test_pointers_escape_what_rfc_6901_escapes() -> None:
    assert json_pointer(["input", "a/b", 0, "c~d"]) == "/input/a~1b/0/c~0d"
    assert json_pointer([]) == ""
