"""Types whose values would not come back are refused at their annotation, with the reason."""

from __future__ import annotations

from dataclasses import InitVar, dataclass

import pytest
from pydantic import BaseModel

from output.authoring.schema.value_type import ValueType


@dataclass
class Derived:
    total: int
    extra: InitVar[int]

    def __post_init__(self, extra: int) -> None:
        self.total += extra


@dataclass
class Defaulted:
    total: int
    extra: InitVar[int] = 0


class Wave(BaseModel):
    amplitude: complex


class Holder(BaseModel):
    parts: list[Derived]


@pytest.mark.parametrize(
    ("annotation", "reason"),
    [(Derived, "InitVar"), (Holder, "'extra'"), (complex, "complex"), (Wave, "its parts")],
)
def test_what_would_not_arrive_is_refused_with_the_reason(annotation: object, reason: str) -> None:
    value_type: ValueType[object] = ValueType(annotation, label="Input of step 'add'", path="input")

    with pytest.raises(TypeError, match=rf"Input of step 'add' would not arrive: .*{reason}"):
        assert value_type.adapter


def test_an_init_var_with_a_default_arrives() -> None:
    value_type: ValueType[Defaulted] = ValueType(Defaulted, label="The result", path="output")

    assert value_type.parse_json(value_type.dump(Defaulted(1, 2))) == Defaulted(1)


def test_keys_that_are_tuples_arrive_as_they_were() -> None:
    value_type: ValueType[dict[tuple[int, str], int]] = ValueType(dict[tuple[int, str], int], label="It", path="input")
    value = {(1, "a"): 1, (2, "b"): 2}

    assert value_type.parse_json(value_type.dump(value)) == value
