"""Inputs against published schemas: every fault is listed, each schema compiled once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, JsonValue

from output.authoring.schema.signature import Signature
from output.errors import ValidationError
from output.models.catalog import JsonSchema
from output.operations.schema_check import InputChecker

ORDER: JsonSchema = {
    "type": "object",
    "properties": {
        "lines": {"type": "array", "items": {"type": "object", "required": ["product"]}, "minItems": 1},
        "note": {"type": "string", "maxLength": 5},
    },
    "required": ["lines"],
}


def issues_of(value: JsonValue, schema: JsonSchema | None = ORDER, *, checker: InputChecker | None = None) -> list[str]:
    """Where it does not fit."""
    try:
        (checker or InputChecker()).check(value, schema, version="1", name="order", field="input")
    except ValidationError as error:
        return sorted(issue.path for issue in error.issues)
    return []


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({"lines": [{"product": "tea"}]}, []),
        ({}, ["input.lines"]),
        ([], ["input"]),
        ({"lines": []}, ["input.lines"]),
        (
            {"lines": [{}, {"product": 1}, {}], "note": "too long"},
            ["input.lines.0.product", "input.lines.2.product", "input.note"],
        ),
    ],
)
def test_every_fault_is_listed_with_its_place(value: JsonValue, paths: list[str]) -> None:
    assert issues_of(value) == paths


def test_without_a_schema_everything_fits() -> None:
    assert issues_of({"any": [None]}, None) == []


def test_the_sentence_names_the_workflow_and_the_first_faults() -> None:
    lines: JsonValue = {"lines": [{} for _ in range(10)]}
    with pytest.raises(ValidationError, match=r"Input of order does not fit: input.* \(and 7 more\)"):
        InputChecker().check(lines, ORDER, version="1", name="order", field="input")


def test_a_flood_of_faults_is_bounded_and_long_messages_are_cut() -> None:
    schema: JsonSchema = {"type": "array", "items": {"const": "x"}}
    words: JsonValue = ["y" * 5_000 for _ in range(500)]
    with pytest.raises(ValidationError) as caught:
        InputChecker().check(words, schema, version="1", name="w", field="input")

    assert len(caught.value.issues) == 100
    assert all(len(issue.message) <= 301 for issue in caught.value.issues)


def test_a_newer_catalog_brings_a_newer_schema() -> None:
    checker = InputChecker()
    checker.check("text", {"type": "string"}, version="1", name="w", field="input")

    with pytest.raises(ValidationError):
        checker.check("text", {"type": "integer"}, version="2", name="w", field="input")
    checker.check("text", {"type": "string"}, version="1", name="w", field="input")


class Row(BaseModel):
    sku: str


def of_text(url: str, retries: int = 0) -> None: ...
def of_model(row: Row, retries: int = 0) -> None: ...
def of_any(value: Any, retries: int = 0) -> None: ...
def of_either(name: str | None, retries: int = 0) -> None: ...


@pytest.mark.parametrize("function", [of_text, of_model, of_any, of_either])
@pytest.mark.parametrize(
    "value",
    [
        "x", 5, None, {}, [], {"url": "x"}, {"uri": "x"}, {"url": 5}, {"url": "x", "retries": "y"}, {"sku": "a"},
        {"row": {"sku": "a"}}, {"row": {}}, {"sku": 5}, {"value": 1}, {"name": None}, {"retries": 1},
    ],
)  # fmt: skip
def test_a_first_value_alone_is_taken_and_refused_as_the_worker_does(
    function: Callable[..., object], value: JsonValue
) -> None:
    signature = Signature[object](function, what="step 's'")
    try:
        signature.parse_json(json.dumps(value).encode())
        refused = list[str]()
    except ValidationError as error:
        refused = sorted({issue.path for issue in error.issues})

    assert issues_of(value, signature.input_schema()) == refused
