"""Which tokens a production server takes, and what is said about the others."""

from __future__ import annotations

import re
from pathlib import Path

from output.security.authenticator import SHORTEST
from output.security.token_file import TokenFileError, read_tokens

_MAKE_ONE = 'make a good one with `python3 -c "import secrets; print(secrets.token_urlsafe(32))"`'
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
# What stands in examples, documentation and templates, without punctuation and in small letters.
_PLACEHOLDERS = frozenset(
    {
        "0123456789abcdef",
        "1234567890123456",
        "123456789012345678901234567890",
        "apitokengoeshere",
        "changemechangeme",
        "changemeinproduction",
        "changethisinproduction",
        "changethistoken",
        "deadbeefdeadbeef",
        "insertyourtokenhere",
        "mysecrettoken123",
        "outputapiauthtoken",
        "passwordpassword",
        "pleasechangeme",
        "putyourtokenhere",
        "replacemewithatoken",
        "replacethistoken",
        "secretsecretsecret",
        "supersecrettoken",
        "thisisnotasecret",
        "tokengoeshere",
        "xxxxxxxxxxxxxxxx",
        "yourapitokenhere",
        "yourauthtokenhere",
        "yoursecrettoken",
        "yoursecrettokenhere",
        "yourtokengoeshere",
    }
)


def weakness(token: str) -> str | None:
    """What is wrong with a token of a production server, and what to do; None for a good one. Does not repeat it."""
    if len(token) < SHORTEST:
        return f"a token has {len(token)} characters, and production takes none under {SHORTEST}; {_MAKE_ONE}"
    plain = _PUNCTUATION.sub("", token.lower())
    if plain in _PLACEHOLDERS or not plain.strip("x"):
        return f"a token is a placeholder that everybody knows; {_MAKE_ONE}"
    return None


def readable_tokens(path: Path | None) -> Path | None:
    """The path of a file of tokens that can be read; raises ValueError with what is wrong in it."""
    if path is not None:
        try:
            read_tokens(path)
        except TokenFileError as error:
            raise ValueError(str(error)) from None
    return path
