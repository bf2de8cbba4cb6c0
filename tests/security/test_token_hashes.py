"""Hashes of tokens, those of other programs among them."""

from __future__ import annotations

import base64
import hashlib

import argon2
import pytest

from output.security.token_hashes import check_hash, hash_token, is_hash_of

SALT = b"sixteen-bytes-!!"


def _scrypt(token: bytes, *, ln: int = 12) -> str:
    derived = hashlib.scrypt(token, salt=SALT, n=2**ln, r=8, p=1, dklen=32)
    salt, result = (base64.b64encode(each).rstrip(b"=").decode() for each in (SALT, derived))
    return f"$scrypt$ln={ln},r=8,p=1${salt}${result}"


@pytest.mark.parametrize(
    "hashed",
    [
        hash_token("right"),
        argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=2, type=argon2.Type.I).hash("right"),
        argon2.PasswordHasher(time_cost=2, memory_cost=1024, parallelism=1, type=argon2.Type.D).hash("right"),
        _scrypt(b"right"),
    ],
    ids=["ours", "argon2i", "argon2d", "scrypt"],  # the salts are others in each process
)
def test_a_hash_is_verified_by_its_own_parameters(hashed: str) -> None:
    assert check_hash(hashed) == hashed
    assert is_hash_of(hashed, b"right")
    assert not is_hash_of(hashed, b"wrong")


@pytest.mark.parametrize(
    ("hashed", "why"),
    [
        ("right", "neither"),
        ("$2b$12$abcdefghijklmnopqrstuv", "neither"),
        ("$argon2id$v=19$m=8192", "broken"),
        ("$scrypt$ln=14,r=8$aaaa$bbbb", "neither"),
        ("$scrypt$ln=30,r=8,p=1$aaaa$bbbb", "memory"),
        ("$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo", "memory"),
    ],
)
def test_what_cannot_be_verified_is_told_without_being_repeated(hashed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as raised:
        check_hash(hashed)
    assert hashed not in str(raised.value)
