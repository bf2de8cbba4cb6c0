"""What values become on their way through the engine."""

from __future__ import annotations

import math
from collections import OrderedDict

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter

from output.engine.payloads.converter import Encoded, build_data_converter, dump_json, load_json, payload_json

HUGE = 123456789012345678901234567890


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, b"null"),
        ({"a": [1, 2.5, "x", None, True]}, b'{"a":[1,2.5,"x",null,true]}'),
        (HUGE, str(HUGE).encode()),
        (OrderedDict[str, int](b=1, a=2), b'{"b":1,"a":2}'),
        (Encoded(b"[1]"), b"[1]"),
    ],
)
def test_values_are_plain_json(value: object, data: bytes) -> None:
    payload = build_data_converter().payload_converter.to_payload(value)

    assert payload.metadata["encoding"] == b"json/plain"
    assert payload_json(payload) == data


def test_integers_keep_all_their_digits_both_ways() -> None:
    assert load_json(dump_json({"n": HUGE})) == {"n": HUGE}


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"deep": [{"er": -math.inf}]}, "\ud800", object()])
def test_what_has_no_json_form_is_an_error_and_not_something_else(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        dump_json(value)


@pytest.mark.parametrize("value", [None, {"a": 1}, [1, "x"], "text", 5])
def test_what_the_stock_converter_writes_is_read(value: object) -> None:
    payload = DataConverter.default.payload_converter.to_payload(value)

    assert build_data_converter().payload_converter.from_payload(payload) == value


def test_a_payload_that_is_not_json_says_so() -> None:
    with pytest.raises(ValueError, match="binary/plain"):
        payload_json(Payload(metadata={"encoding": b"binary/plain"}, data=b"\x00"))
