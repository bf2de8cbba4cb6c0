"""How a function's parameters and result cross the engine."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict, cast

import pytest
from pydantic import BaseModel, Field, field_validator

from output.authoring.schema.signature import Signature
from output.errors import ValidationError


class Order(BaseModel):
    sku: str
    amount: int = Field(default=1, ge=1)
    when: datetime | None = None

    @field_validator("sku")
    @classmethod
    def _known(cls, sku: str) -> str:
        if not sku.isupper():
            raise ValueError("an SKU is in capitals")
        return sku


@dataclass
class Point:
    x: float
    y: float = 0.0


class Row(TypedDict):
    name: str


def none() -> None: ...
def one(order: Order) -> Order: ...
def optional(order: Order | None = None) -> int: ...
def defaulted(count: int = 3) -> int: ...
def several(order: Order, point: Point, /, rows: list[Row], *, json: bool = False) -> float: ...
def bare(value, other=1): ...  # type: ignore[no-untyped-def]
def single(value): ...  # type: ignore[no-untyped-def]


BARE = Signature[object](cast("Callable[..., object]", bare), what="step 'bare'")


def test_no_parameter_travels_as_null() -> None:
    signature = Signature[None](none, what="step 'none'")

    assert signature.dump(signature.bind((), {})) == b"null"
    assert signature.parse_json(b"null").kwargs == {}
    with pytest.raises(ValidationError, match="it takes none"):
        signature.parse_json(b"5")


def test_one_parameter_travels_as_itself_with_defaults_and_coercions() -> None:
    signature = Signature[Order](one, what="step 'one'")

    order = signature.parse_json(b'{"sku": "A", "when": "2026-03-06T10:30:45Z"}').kwargs["order"]

    assert order == Order(sku="A", amount=1, when=datetime(2026, 3, 6, 10, 30, 45, tzinfo=UTC))
    assert signature.dump({"order": order}) == b'{"sku":"A","amount":1,"when":"2026-03-06T10:30:45Z"}'


def test_a_missing_input_means_the_default() -> None:
    assert Signature[int](optional, what="f").parse_json(b"null").kwargs == {}
    assert Signature[int](defaulted, what="f").parse_json(b"null").kwargs == {}
    schema = Signature[int](defaulted, what="f").input_schema()
    assert schema is not None
    assert {"type": "null"} in schema["anyOf"]  # type: ignore[operator]


def test_several_parameters_travel_as_one_object_of_named_values() -> None:
    signature = Signature[float](several, what="step 'several'")
    values = signature.bind((Order(sku="A"), Point(1, 2)), {"rows": [{"name": "n"}]})

    data = signature.dump(values)
    arguments = signature.parse_json(data)

    assert data == b'{"order":{"sku":"A","amount":1,"when":null},"point":{"x":1.0,"y":2.0},"rows":[{"name":"n"}]}'
    assert arguments.args == (Order(sku="A"), Point(1, 2))
    assert arguments.kwargs == {"rows": [{"name": "n"}], "json": False}
    schema = signature.input_schema()
    assert schema is not None
    assert schema["required"] == ["order", "point", "rows"]


def test_every_fault_is_told_with_its_path_and_the_validators_own_words() -> None:
    signature = Signature[float](several, what="step 'several'")

    with pytest.raises(ValidationError) as raised:
        signature.parse_json(b'{"order": {"sku": "a", "amount": 0}, "point": {}, "typo": 1}')

    faults = {issue.path: issue.message for issue in raised.value.issues}
    assert faults["input.order.sku"] == "an SKU is in capitals"
    assert set(faults) == {"input.order.sku", "input.order.amount", "input.point.x", "input.rows", "input.typo"}
    assert "step 'several'" in str(raised.value)


def test_without_annotations_any_json_passes_and_there_is_no_schema_to_check() -> None:
    signature = Signature[object](cast("Callable[..., object]", single), what="f")

    assert signature.input_schema() is None
    assert signature.output_schema() is None
    assert signature.parse_json(b'{"a": [1]}').kwargs == {"value": {"a": [1]}}
    assert BARE.parse_json(b'{"value": 2}').kwargs == {"value": 2, "other": 1}


@pytest.mark.parametrize("value", [math.nan, {"a": [1.0, math.inf]}])
def test_nan_in_a_result_is_an_error_with_its_path(value: object) -> None:
    with pytest.raises(ValidationError, match=r"output"):
        BARE.result.dump(value)


class Reading(BaseModel):
    at: float
    note: str | None = None


def read() -> Reading: ...


def test_nan_in_a_field_of_a_model_is_found_and_null_elsewhere_is_not() -> None:
    signature = Signature[Reading](read, what="step 'read'")

    assert signature.result.dump(Reading(at=1)) == b'{"at":1.0,"note":null}'
    with pytest.raises(ValidationError, match=r"output\.at: NaN"):
        signature.result.dump(Reading(at=math.nan))


def test_variable_parameters_are_refused_when_the_step_is_made() -> None:
    def many(*values: int) -> None: ...

    with pytest.raises(TypeError, match="name its parameters"):
        Signature[None](many, what="step 'many'")
