"""A value arrives at a step, a child and back as it was sent, whatever a model calls its fields."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Annotated

import pytest
from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    ConfigDict,
    Field,
    Json,
    SecretBytes,
    SecretStr,
    computed_field,
    field_serializer,
)
from pydantic.alias_generators import to_camel

from output.authoring.schema.signature import Signature
from output.authoring.schema.value_type import ValueType
from output.engine.payloads.converter import payload_json, to_payload
from output.errors import ValidationError


class TwoAliases(BaseModel):
    cents: int = Field(default=0, validation_alias="price_in_cents", serialization_alias="priceInCents")


class DeepAlias(BaseModel):
    first: str = Field(validation_alias=AliasPath("names", 0))
    last: str = Field(validation_alias=AliasChoices("surname", "lastName"))


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")
    street_name: str

    @computed_field
    @property
    def shouted(self) -> str:
        return self.street_name.upper()


class Nested(BaseModel):
    camels: dict[str, Camel]
    text: Annotated[Json[list[int]], Field(serialization_alias="numbers")]


class Visit(BaseModel):
    page: str
    token: str = Field(default="", exclude=True)


class Login(BaseModel):
    user: str
    password: SecretStr
    key: SecretBytes


class Image(BaseModel):
    data: bytes


class Priced(BaseModel):
    cents: int

    @field_serializer("cents")
    def write_cents(self, cents: int) -> str:
        return f"{cents / 100:.2f} EUR"


@dataclasses.dataclass(slots=True, kw_only=True)
class Point:
    x: Annotated[int, Field(alias="left")]
    seen: set[datetime.timedelta] = dataclasses.field(default_factory=set[datetime.timedelta])


class Deep(BaseModel):
    logins: dict[str, list[Login | Visit]]
    point: Point


def take(value: object, other: int = 1) -> None:
    """Two parameters, as most steps have."""
    del value, other


MODELS = [
    TwoAliases.model_validate({"price_in_cents": 5}),
    DeepAlias.model_validate({"names": ["Kim"], "surname": "Lee"}),
    Camel.model_validate({"streetName": "Elm"}),
    Nested.model_validate({"camels": {"a": {"streetName": "Elm"}}, "text": "[1, 2]"}),
    Visit(page="/", token="t"),
    Login(user="kim", password=SecretStr("hunter2"), key=SecretBytes(b"\x00\xff")),
    Image(data=bytes(range(256))),
    Priced(cents=250),
    Deep(
        logins={"a": [Login(user="k", password=SecretStr("p"), key=SecretBytes(b"b")), Visit(page="/", token="u")]},
        point=Point(x=3, seen={datetime.timedelta(seconds=1)}),
    ),
]


@pytest.mark.parametrize("value", MODELS, ids=lambda value: type(value).__name__)
def test_a_model_comes_back_from_the_form_between_workers(value: BaseModel) -> None:
    shape = ValueType[BaseModel](type(value), label="Input", path="input")

    assert shape.parse_json(shape.dump(value)) == value


@pytest.mark.parametrize("value", MODELS, ids=lambda value: type(value).__name__)
def test_a_model_comes_back_as_one_of_several_arguments(value: BaseModel) -> None:
    def call(value: object, other: int = 1) -> None:
        take(value, other)

    call.__annotations__ = {"value": type(value), "other": int, "return": None}
    signature = Signature[None](call, what="step 'call'")

    arguments = signature.parse_json(signature.dump({"value": value, "other": 2}))

    assert arguments.kwargs == {"value": value, "other": 2}


def test_what_people_see_of_a_secret_is_its_mask() -> None:
    shape = ValueType[Login](Login, label="Input", path="input")
    data = shape.dump(Login(user="kim", password=SecretStr("hunter2"), key=SecretBytes(b"hunter2")))

    assert b"hunter2" not in bytes(data)
    assert payload_json(to_payload(data)) == data
    assert shape.parse_json(payload_json(to_payload(data))).password.get_secret_value() == "hunter2"


def test_a_type_that_comes_back_as_it_is_has_no_second_form() -> None:
    shape = ValueType[dict[str, list[int]]](dict[str, list[int]], label="Input", path="input")

    assert type(shape.dump({"a": [1]})) is bytes


def test_what_people_see_of_a_result_keeps_its_aliases() -> None:
    shape = ValueType[TwoAliases](TwoAliases, label="The result", path="output")

    assert shape.dump(MODELS[0]) == b'{"priceInCents":5}'


class Constants(BaseModel):
    model_config = ConfigDict(ser_json_inf_nan="constants")
    value: float


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_model_that_writes_nan_as_a_constant_is_refused_with_the_path(number: float) -> None:
    shape = ValueType[Constants](Constants, label="The result", path="output")

    with pytest.raises(ValidationError) as raised:
        shape.dump(Constants(value=number))

    assert raised.value.issues[0].path == "output.value"
