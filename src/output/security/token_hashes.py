"""Hashes of tokens as a file may hold them: of argon2 or scrypt, in the form `$name$parameters$salt$hash`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import argon2

# What `output token create` hashes are 256 random bits, which nobody finds by trying: the least cost that argon2 takes
# seriously (4 ms) is enough, and a first request is not kept waiting for each token of the file. Hashes of other
# parameters, made elsewhere, are verified by their own.
_HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
_SCRYPT = re.compile(r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)=*\$([A-Za-z0-9+/]+)=*")
_LARGEST = 256 * 1024 * 1024  # bytes of memory that one verification may take


def hash_token(token: str) -> str:
    """A hash for the file of tokens."""
    return _HASHER.hash(token)


def check_hash(text: str) -> str:
    """The hash, if a token can be verified with it; raises ValueError, which does not repeat it."""
    if text.startswith("$argon2"):
        try:
            memory = argon2.extract_parameters(text).memory_cost * 1024
        except argon2.exceptions.InvalidHashError:
            raise ValueError("the hash is broken: argon2 cannot read it") from None
    elif found := _SCRYPT.fullmatch(text):
        memory = 128 * int(found[2]) * 2 ** int(found[1])
    else:
        raise ValueError("the hash is neither `$argon2…` nor `$scrypt$ln=…,r=…,p=…$salt$hash`")
    if memory > _LARGEST:
        raise ValueError(f"to verify the hash takes {memory >> 20} MB of memory; at most {_LARGEST >> 20} are given")
    return text


def is_hash_of(text: str, token: bytes) -> bool:
    """Whether the hash is this token's. The hash was checked; takes milliseconds, and lets other threads run."""
    found = _SCRYPT.fullmatch(text)
    if found is None:
        try:
            return _HASHER.verify(text, token)
        except argon2.exceptions.VerificationError:
            return False
    salt, expected = _decode(found[4]), _decode(found[5])
    derived = hashlib.scrypt(
        token,
        salt=salt,
        n=2 ** int(found[1]),
        r=int(found[2]),
        p=int(found[3]),
        maxmem=2 * _LARGEST,
        dklen=len(expected),
    )
    return hmac.compare_digest(derived, expected)


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
