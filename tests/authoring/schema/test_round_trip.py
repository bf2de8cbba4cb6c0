"""A value arrives at a step, a child and back as it was sent, whatever a model calls its fields."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, Json, computed_field
from pydantic.alias_generators import to_camel

from output.authoring.schema.signature import Signature
from output.authoring.schema.value_type import ValueType
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


def take(value: object, other: int = 1) -> None:
    """Two parameters, as most steps have."""
    del value, other


MODELS = [
    TwoAliases.model_validate({"price_in_cents": 5}),
    DeepAlias.model_validate({"names": ["Kim"], "surname": "Lee"}),
    Camel.model_validate({"streetName": "Elm"}),
    Nested.model_validate({"camels": {"a": {"streetName": "Elm"}}, "text": "[1, 2]"}),
]


@pytest.mark.parametrize("value", MODELS, ids=lambda value: type(value).__name__)
def test_a_model_comes_back_from_the_form_between_workers(value: BaseModel) -> None:
    shape = ValueType[BaseModel](type(value), label="Input", path="input")

    assert shape.parse_json(shape.dump(value, between_workers=True)) == value


@pytest.mark.parametrize("value", MODELS, ids=lambda value: type(value).__name__)
def test_a_model_comes_back_as_one_of_several_arguments(value: BaseModel) -> None:
    def call(value: object, other: int = 1) -> None:
        take(value, other)

    call.__annotations__ = {"value": type(value), "other": int, "return": None}
    signature = Signature[None](call, what="step 'call'")

    arguments = signature.parse_json(signature.dump({"value": value, "other": 2}))

    assert arguments.kwargs == {"value": value, "other": 2}


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
