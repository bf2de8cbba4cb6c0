"""What a model takes, its published schema takes."""

from __future__ import annotations

import enum

import jsonschema_rs
import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from output.authoring.schema.value_type import ValueType


class Grade(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Reader(BaseModel):
    model_config = ConfigDict(extra="forbid")
    first: str = Field(validation_alias=AliasPath("names", 0))
    last: str = Field(validation_alias=AliasChoices("surname", "lastName"))
    grades: dict[Grade, int] = {}


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"names": ["Kim"], "surname": "Lee"}, True),
        ({"names": ["Kim"], "lastName": "Lee"}, True),
        ({"names": ["Kim"], "surname": "Lee", "grades": {"1": 5}}, True),
        ({"names": ["Kim"], "surname": "Lee", "grades": {"3": 5}}, False),
        ({"surname": "Lee"}, False),
        ({"names": ["Kim"]}, False),
        ({"names": ["Kim"], "surname": "Lee", "more": 1}, False),
    ],
)
def test_a_published_schema_and_its_model_agree(value: JsonValue, fits: bool) -> None:
    schema = ValueType[Reader](Reader, label="Input", path="input").schema("validation")
    assert schema is not None

    assert jsonschema_rs.validator_for(schema).is_valid(value) is fits
    if fits:
        Reader.model_validate(value)
    else:
        with pytest.raises(ValidationError):
            Reader.model_validate(value)
