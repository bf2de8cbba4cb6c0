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


def text(url: str) -> int: ...
def an_order(order: Order) -> int: ...
def an_object(values: dict[str, object]) -> int: ...
def maybe(name: str | None) -> int: ...
def maybe_ann(name: str | None = "Ann") -> int: ...
def grown(order: Order, retries: int = 0, *, tag: str | None = None) -> int: ...
def grown_text(url: str, retries: int = 0) -> int: ...
def grown_object(values: dict[str, object], retries: int = 0) -> int: ...
def grown_optional(name: str | None, retries: int = 0) -> int: ...
def grown_default(name: str | None = "Ann", retries: int = 0) -> int: ...
def not_grown(url: str, retries: int) -> int: ...


def signature_of(function: Callable[..., object]) -> Signature[object]:
    return Signature[object](function, what=f"step {function.__name__!r}")


def arguments(function: Callable[..., object], data: bytes) -> dict[str, object]:
    return dict(signature_of(function).parse_json(data).kwargs)


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        (text, grown_text, "http://x"),
        (an_order, grown, Order(sku="A")),
        (an_object, grown_object, {"a": 1}),
        (maybe, grown_optional, None),
    ],
)
def test_a_parameter_with_a_default_can_be_added(
    before: Callable[..., object], after: Callable[..., object], value: object
) -> None:
    (name,) = signature_of(before).parameters
    sent_before = signature_of(before).dump({name.name: value})
    sent_after = signature_of(after).dump(signature_of(after).bind((value,), {}))

    assert arguments(after, sent_before)[name.name] == value
    assert arguments(after, sent_after)[name.name] == value
    assert arguments(after, sent_before)["retries"] == 0
    if value is not None:
        assert sent_after == sent_before, "a worker that does not know the parameter yet takes it too"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"url":"x"}', {"url": "x", "retries": 0}),
        (b'{"url":"x","retries":2}', {"url": "x", "retries": 2}),
        (b' "x"', {"url": "x", "retries": 0}),
    ],
)
def test_named_values_and_the_first_alone_are_both_taken(data: bytes, expected: dict[str, object]) -> None:
    assert arguments(grown_text, data) == expected


@pytest.mark.parametrize(
    "value",
    [{"values": {"a": 1}}, {"retries": 1}, {"values": 1, "retries": 2}, {}, {"values": 1, "other": 2}, {"a": 1}],
)
def test_a_first_value_that_reads_as_named_values_arrives_as_it_was_sent(value: dict[str, object]) -> None:
    signature = signature_of(grown_object)

    assert signature.parse_json(signature.dump(signature.bind((value,), {}))).kwargs["values"] == value


@pytest.mark.parametrize("function", [grown_default, maybe_ann])
def test_none_that_was_given_is_not_the_default(function: Callable[..., object]) -> None:
    signature = signature_of(function)

    assert signature.parse_json(signature.dump(signature.bind((None,), {}))).kwargs["name"] is None
    assert signature.parse_json(signature.dump(signature.bind((), {}))).kwargs.get("name", "Ann") == "Ann"
    assert signature.parse_json(b"null").kwargs.get("name", "Ann") == "Ann"


@pytest.mark.parametrize(
    ("function", "data", "path"),
    [
        (grown_text, b"5", "input"),
        (grown_text, b'{"uri":"x"}', "input.url"),
        (grown_text, b'{"url":5}', "input.url"),
        (grown_text, b"null", "input.url"),
        (grown_text, b"{}", "input.url"),
        (grown, b'{"sku":"a"}', "input.sku"),
        (grown, b'{"order":{"sku":"a"}}', "input.order.sku"),
        (not_grown, b'"x"', "input"),
    ],
)
def test_of_two_refusals_the_one_that_helps_is_told(function: Callable[..., object], data: bytes, path: str) -> None:
    with pytest.raises(ValidationError) as raised:
        signature_of(function).parse_json(data)

    assert [issue.path for issue in raised.value.issues][:1] == [path]


def test_the_schema_of_several_values_says_what_the_first_may_be_alone() -> None:
    schema = signature_of(grown_text).input_schema()

    assert schema is not None
    assert schema["required"] == ["url"]
    assert schema["x-output-first-alone"] == {"$schema": schema["$schema"], "type": "string"}
    assert "x-output-first-alone" not in (signature_of(not_grown).input_schema() or {})
