"""Signatures of webhooks, against the public library and the specification's own example."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from output.security.webhook_signature import secret_bytes, webhook_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_specification_s_example() -> None:
    now = datetime.fromtimestamp(1614265330, UTC)
    headers = webhook_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', keys=[secret_bytes(SECRET)], now=now
    )

    assert headers["Webhook-Signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_library_takes_what_any_of_several_keys_has_signed() -> None:
    other = "whsec_" + "A" * 32
    body = '{"ä": 1}'.encode()
    headers = webhook_headers("msg_1", body, keys=[secret_bytes(SECRET), secret_bytes(other)], now=datetime.now(UTC))

    for secret in (SECRET, other):
        assert Webhook(secret).verify(body, dict(headers)) == {"ä": 1}


def test_without_a_key_there_is_no_signature() -> None:
    assert "Webhook-Signature" not in webhook_headers("msg_1", b"{}", keys=[], now=datetime.now(UTC))


@pytest.mark.parametrize("wrong", ["", "secret", "whsec_", "whsec_AAAA", "whsec_" + "A" * 100, "whsec_" + "ä" * 32])
def test_what_is_no_secret_is_refused_with_how_to_make_one(wrong: str) -> None:
    with pytest.raises(ValueError, match="openssl rand -base64 32"):
        secret_bytes(wrong)
