"""Payloads of the engine as JSON, whoever wrote them."""

from __future__ import annotations

import json

import pytest
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.failure.v1 import Failure

from output.engine.failures import FailureConverter
from output.engine.payloads.converter import build_data_converter
from output.engine.payloads.json import failure_json, memo_value, value_of, values_json, values_of

CONVERTER = build_data_converter().payload_converter


def payload(data: bytes, encoding: bytes = b"json/plain") -> Payload:
    return Payload(metadata={"encoding": encoding}, data=data)


@pytest.mark.parametrize(
    ("payloads", "value"),
    [
        ([], None),
        ([payload(b'{"a":1}')], {"a": 1}),
        ([payload(b"1"), payload(b'"two"')], [1, "two"]),
        ([payload(b"", b"binary/null")], None),
    ],
)
def test_one_value_is_itself_none_is_null_and_several_are_a_list(payloads: list[Payload], value: object) -> None:
    assert values_of(Payloads(payloads=payloads)) == value
    assert json.loads(values_json(Payloads(payloads=payloads), whole="event 3")) == value


@pytest.mark.parametrize("encoding", [b"binary/plain", b"binary/protobuf", b"", b"\xff"])
def test_what_is_no_json_is_marked_with_its_encoding(encoding: bytes) -> None:
    value = value_of(payload(b"\x00\x01", encoding))

    assert value == {"_raw": True, "encoding": encoding.decode("utf-8", "replace")}


def test_what_says_that_it_is_json_and_is_not_is_marked_too() -> None:
    assert value_of(payload(b"{broken")) == {"_raw": True, "encoding": "json/plain"}


def test_a_large_value_is_cut_with_a_pointer_to_the_whole() -> None:
    large = payload(json.dumps({"text": "x" * 2_000_000}).encode())
    cut = values_json(Payloads(payloads=[large]), whole="event 3")

    assert len(cut) < 1_000_000
    assert b"event 3" in cut


def test_a_memos_value_is_none_where_it_is_missing_or_no_json() -> None:
    memo = {"good": payload(b"[1]"), "bad": payload(b"\x00", b"binary/plain")}

    assert [memo_value(memo, name) for name in ("good", "bad", "missing")] == [[1], None, None]


def test_a_failure_has_name_message_stack_and_cause() -> None:
    failure = Failure()
    try:
        try:
            raise KeyError("inner")  # noqa: TRY301 — to have a traceback
        except KeyError as error:
            raise ValueError("outer") from error
    except ValueError as error:
        FailureConverter().to_failure(error, CONVERTER, failure)
    found = json.loads(failure_json(failure, CONVERTER))

    assert (found["name"], found["message"], found["cause"]["name"]) == ("ValueError", "outer", "KeyError")
    assert "test_json.py" in found["stack"]
    assert "test_json.py" in found["cause"]["stack"]
