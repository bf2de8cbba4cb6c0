"""Schemas that the server can take alone, and those that it leaves to the worker."""

from __future__ import annotations

import socket

import pytest
from pydantic import JsonValue
from pydantic import ValidationError as PydanticError

from output.models.runs import RunRequest
from output.operations.schema_check import InputChecker


def _issues(value: JsonValue, schema: dict[str, JsonValue]) -> int:
    checker = InputChecker()
    return sum(len(checker.find_issues(value, schema, version="1", name="flow", field="input")) for _ in range(2))


@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
def test_references_elsewhere_are_never_fetched_and_left_to_the_worker(keyword: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/schema"

        assert _issues("x", {keyword: address}) == 0
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("pattern", [r"a\Z", r"(?P<x>a)\Z"])
def test_patterns_of_python_alone_are_left_to_the_worker(pattern: str) -> None:
    assert _issues("b", {"type": "string", "pattern": pattern}) == 0


def test_references_within_the_schema_are_checked() -> None:
    assert _issues(1, {"$ref": "#/$defs/text", "$defs": {"text": {"type": "string"}}}) == 2


def test_a_timeout_beyond_every_clock_is_refused() -> None:
    with pytest.raises(PydanticError, match="less than or equal"):
        RunRequest.model_validate({"workflowName": "flow", "timeout": 2**63})
