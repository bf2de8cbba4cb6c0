"""Signed texts: opaque, fit for a URL, worth nothing elsewhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output.security.signing import Signer

SIGNER = Signer(["secret"], purpose="test")


@given(st.binary(max_size=300), st.binary(max_size=50))
def test_what_was_signed_is_read_with_its_context(data: bytes, context: bytes) -> None:
    text = SIGNER.sign(data, context=context)

    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert SIGNER.read(text, context=context) == data
    assert SIGNER.read(text, context=context + b"x") is None


def test_context_and_data_cannot_be_shifted_into_each_other() -> None:
    assert SIGNER.read(SIGNER.sign(b"bc", context=b"a"), context=b"ab") is None
    assert SIGNER.sign(b"bc", context=b"a") != SIGNER.sign(b"c", context=b"ab")


@pytest.mark.parametrize("other", [Signer(["secret"], purpose="another"), Signer(["other"], purpose="test")])
def test_another_purpose_or_secret_reads_nothing(other: Signer) -> None:
    assert other.read(SIGNER.sign(b"data")) is None


@pytest.mark.parametrize("text", ["", "A", "====", "ä", "a b", "AAAA\n", "+/+/"])
def test_a_text_that_is_none_of_ours_is_none(text: str) -> None:
    assert SIGNER.read(text) is None


def test_without_secrets_made_up_texts_are_still_told_apart() -> None:
    open_signer = Signer([], purpose="test")

    assert open_signer.read(open_signer.sign(b"data")) == b"data"
    assert open_signer.read(SIGNER.sign(b"data")) is None
