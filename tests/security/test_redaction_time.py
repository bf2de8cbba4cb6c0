"""Redaction takes time that grows with the text, and not with its square."""

from __future__ import annotations

import base64
import random
import time
import uuid

import pytest

from output.security.redaction import redact_text

SMALL, LARGE = 100_000, 800_000
chance = random.Random(7)
TEXTS = {
    "base64url": "token " + base64.urlsafe_b64encode(chance.randbytes(LARGE)).decode(),
    "joined UUIDs": "token " + "-".join(str(uuid.UUID(int=chance.getrandbits(128))) for _ in range(LARGE // 36)),
    "starts of web tokens": "eyJ-" * (LARGE // 4),
    "question marks in a URL": "https://host/" + "?" * LARGE,
    "telling words": "token" * (LARGE // 5),
    "telling words and signs": "password=" * (LARGE // 9),
    "open quotes": 'secret="' * (LARGE // 8),
    "dashes behind a word": "cookie" + "-" * LARGE,
    "schemes": "bearer " * (LARGE // 7),
    "spaces behind a scheme": "bearer" + " " * LARGE,
    "starts of keys": "-----BEGIN " * (LARGE // 11),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_eight_times_the_text_takes_about_eight_times_as_long(text: str) -> None:
    # Quadratic time would be sixty-four times as long; the bound leaves room for a busy machine.
    assert measure(text[:LARGE]) < 28 * max(measure(text[:SMALL]), 0.0005)


def measure(text: str) -> float:
    """The shortest of a few tries, in seconds of this thread alone."""
    taken: list[float] = []
    for _ in range(3):
        started = time.thread_time()
        redact_text(text)
        taken.append(time.thread_time() - started)
    return min(taken)
