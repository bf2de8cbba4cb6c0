"""Inputs that are no JSON in UTF-8 are faults of the input."""

from __future__ import annotations

from pathlib import Path

import pytest

from output.cli.exit_codes import CommandError, ExitCode
from output.cli.inputs import read_value


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": NaN}', "NaN is no number in JSON"),
        (b"[-Infinity]", "-Infinity is no number in JSON"),
        (b'{"a": "\\ud800"}', "half of a surrogate pair"),
        (b'{"\\udc00": 1}', "half of a surrogate pair"),
        ("[1]".encode("utf-16"), "is not UTF-8"),
        (b'"caf\xe9"', "is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"{", "holds no JSON"),
    ],
)
def test_such_a_file_is_told_in_one_sentence_that_names_it(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "input.json"
    file.write_bytes(data)

    with pytest.raises(CommandError, match=r"input\.json") as raised:
        read_value(str(file), option="--input")

    assert said in str(raised.value)
    assert raised.value.code == ExitCode.USAGE


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "input.json"
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}')

    assert read_value(str(file), option="--input") == {"a": 1}


def test_what_is_given_directly_is_held_to_the_same() -> None:
    with pytest.raises(CommandError, match="NaN is no number"):
        read_value("[NaN]", option="--input")
