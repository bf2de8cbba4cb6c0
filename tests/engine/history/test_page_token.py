"""Page tokens of histories: only the server can write them, each is good for one run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output.engine.history.page_token import Cursor, PageTokens
from output.errors import InvalidPageTokenError
from output.models.references import RunRef

RUN = RunRef("w", "r")
TOKENS = PageTokens(["secret"])


@given(st.binary(max_size=100), st.integers(0, 2**63), st.integers(0, 2**63))
def test_a_cursor_comes_back_as_it_was(engine_token: bytes, delivered: int, known: int) -> None:
    cursor = Cursor(engine_token, delivered, known)

    assert TOKENS.read(TOKENS.write(cursor, RUN), RUN) == cursor


@given(st.text())
def test_a_text_that_was_not_handed_out_is_refused(text: str) -> None:
    with pytest.raises(InvalidPageTokenError):
        TOKENS.read(text, RUN)


@pytest.mark.parametrize("other", [RunRef("w", "s"), RunRef("v", "r"), RunRef("w")])
def test_a_token_is_good_for_its_run_only(other: RunRef) -> None:
    token = TOKENS.write(Cursor(b"x", 1, 2), RUN)

    with pytest.raises(InvalidPageTokenError) as caught:
        TOKENS.read(token, other)
    assert caught.value.run == other


def test_a_changed_character_is_noticed() -> None:
    token = TOKENS.write(Cursor(b"engine", 5, 9), RUN)

    for index in range(len(token) - 1):
        changed = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
        with pytest.raises(InvalidPageTokenError):
            TOKENS.read(changed, RUN)


def test_secrets_can_be_rotated() -> None:
    old, both, new = PageTokens(["old"]), PageTokens(["new", "old"]), PageTokens(["new"])
    token = old.write(Cursor(b"", 1, 1), RUN)

    assert both.read(token, RUN).delivered == 1
    assert new.read(both.write(Cursor(b"", 2, 2), RUN), RUN).delivered == 2
    with pytest.raises(InvalidPageTokenError):
        new.read(token, RUN)
