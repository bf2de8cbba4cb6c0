"""The schemas that the console's form is tested with are those that pydantic writes now."""

from __future__ import annotations

import json

import pytest

from output.authoring.schema.value_type import ValueType
from tests.console.form_schemas import CASES, FIXTURES, write


def test_the_fixtures_are_what_pydantic_writes() -> None:
    assert FIXTURES.read_text(encoding="utf-8") == write(), "run `python -m tests.console.form_schemas`"


@pytest.mark.parametrize("name", CASES)
def test_pydantic_takes_the_values_of_each_case(name: str) -> None:
    case = CASES[name]
    value_type = ValueType[object](case.annotation, label="Input", path="input")

    for value in case.values:
        value_type.parse_json(json.dumps(value).encode())
