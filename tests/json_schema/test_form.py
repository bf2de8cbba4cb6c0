"""Forms from schemas, and the values of filled ones."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, TypeAdapter

from output.json_schema.form import form_of, read_form


class Inner(BaseModel):
    city: str
    floor: int | None = None


class Outer(BaseModel):
    yes: bool
    many: list[str] = []
    one_of: Literal["a", "b"] | None = None
    amount: Decimal
    at: datetime | None = None
    pin: SecretStr | None = None
    inner: Inner | None = None
    free: dict[str, int] | None = None
    short: Annotated[str, Field(max_length=20)] = "x"


def kinds(annotation: Any) -> dict[str, str]:
    form = form_of(TypeAdapter(annotation).json_schema())
    return {field.name: field.kind for field in form.fields} or {form.name: form.kind}


def test_each_type_has_its_field() -> None:
    assert kinds(Outer) == {
        "yes": "yes_no", "many": "lines", "one_of": "choice", "amount": "long_text", "at": "datetime",
        "pin": "password", "inner": "group", "free": "json", "short": "text",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [(bool, "yes_no"), (int, "integer"), (list[int], "json"), (Any, "json")],
    ids=["bool", "int", "list", "any"],
)
def test_what_is_no_object_is_one_field(annotation: Any, kind: str) -> None:
    assert kinds(annotation) == {"answer": kind}


def test_a_filled_form_is_a_value_that_the_model_takes() -> None:
    form = form_of(Outer.model_json_schema())
    given = {
        "yes": "true", "many": "one\r\n\r\ntwo", "one_of": '"b"', "amount": "12.50", "at": "2026-03-06T10:30",
        "pin": "1234", "inner.city": "Rome", "inner.floor": "3", "free": '{"a": 1}', "short": "",
    }  # fmt: skip
    value = read_form(form, given)
    parsed = Outer.model_validate(value)

    assert value == {
        "yes": True, "many": ["one", "two"], "one_of": "b", "amount": "12.50", "at": "2026-03-06T10:30:00Z",
        "pin": "1234", "inner": {"city": "Rome", "floor": 3}, "free": {"a": 1},
    }  # fmt: skip
    assert parsed.amount == Decimal("12.50")


def test_what_is_left_out_is_left_out_and_what_cannot_be_read_stays_a_text() -> None:
    form = form_of(Outer.model_json_schema())

    assert read_form(form, {"yes": "", "amount": "", "inner.city": ""}) == {"amount": ""}
    assert read_form(form, {"yes": "perhaps", "free": "{"}) == {"yes": "perhaps", "free": "{"}


def test_a_schema_that_holds_itself_ends() -> None:
    class Tree(BaseModel):
        name: str
        below: Tree | None = None

    form = form_of(Tree.model_json_schema())
    depth = 0
    while form.fields:
        form, depth = form.fields[-1], depth + 1

    assert (form.kind, depth) == ("json", 4)
