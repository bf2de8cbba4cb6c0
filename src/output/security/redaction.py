"""Secrets out of what is written down: values under telling names, credentials in URLs and in text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, cast

MASK = "***"
MAX_DEPTH = 64
TOO_DEEP = "<<nested too deep>>"
Queries = Literal["secret", "all"]

_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_EXACT = frozenset({"auth", "jwt", "otp", "pass", "pin", "pwd", "sid", "sig", "token"})
_INSIDE = (
    "accesskey",
    "apikey",
    "authorization",
    "bearer",
    "cookie",
    "credential",
    "csrf",
    "encryptionkey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "sessionid",
    "signature",
    "signingkey",
    "xsrf",
)
_TOKENS_OF_NO_SECRET = ("pagetoken", "stoptoken", "eostoken", "bostoken", "padtoken")  # and none that counts: `tokens`

# A text without any of these holds nothing that the patterns below find: most texts end here.
_MARKS = (
    *("://", "bearer", "basic ", "eyj", "sk-", "akia", "asia", "gh", "xox", "-----begin", "aiza"),
    *("password", "passwd", "secret", "token", "api", "access", "private", "authorization", "cookie"),
)
_URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]{0,31})://([^\s\"'<>\\`]+)")
_PAIR = re.compile(r"([?&;#])([^=&;#\s]*)=([^&;#\s]*)")
_SECRET_SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON Web Token
    r"|\bsk-[\w-]{16,}"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}"
    r"|\bxox[abeoprs]-[\w-]{10,}"
    r"|\bAIza[\w-]{30,}",
    re.DOTALL,
)
# A word behind "basic" is prose, unless it is long or looks encoded.
_SCHEME = re.compile(r"\b((?i:bearer|basic))(\s+)(?:(?=[\w.~+/-]*[\dA-Z=])[\w.~+/=-]{6,}|[\w.~+/=-]{20,})")
_ASSIGNED = re.compile(
    r"(?P<name>\b[\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization"
    r"|cookie)[\w-]*)"
    r"(?P<sign>[\"']?\s*[=:]\s*)(?P<value>\"[^\"]*\"|'[^']*'|[^\s,;&\"'}\])]+)",
    re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    """Whether a value of this name (a key, a header, a query parameter) is to be kept out of sight."""
    plain = _PUNCTUATION.sub("", name.lower())
    if plain in _EXACT or any(word in plain for word in _INSIDE):
        return True
    return plain.endswith("token") and not plain.endswith(_TOKENS_OF_NO_SECRET)


def redact(value: object, *, queries: Queries = "secret") -> object:
    """The same JSON-like value without secrets; the very same object when it holds none.

    Under a secret name everything but null, true and false is masked, in texts see `redact_text`.
    """
    return _redact(value, queries, MAX_DEPTH)


def redact_text(text: str, *, queries: Queries = "secret") -> str:
    """The text without URL credentials, secret query values (or all of them) and what looks like a key or token.

    The very same object when it holds none.
    """
    lowered = text.lower()
    if not any(mark in lowered for mark in _MARKS):
        return text
    clean = _URL.sub(lambda found: _mask_url(found[1], found[2], queries), text)
    clean = _SECRET_SHAPES.sub(MASK, clean)
    clean = _SCHEME.sub(lambda found: f"{found[1]}{found[2]}{MASK}", clean)
    clean = _ASSIGNED.sub(_mask_assigned, clean)
    return text if clean == text else clean


def redact_url(url: str) -> str:
    """A URL without its credentials and without any query value."""
    return redact_text(url, queries="all")


def _redact(value: object, queries: Queries, depth: int) -> object:
    if isinstance(value, str):
        return redact_text(value, queries=queries)
    if isinstance(value, Mapping):
        return _redact_mapping(cast("Mapping[object, object]", value), queries, depth)
    if isinstance(value, list | tuple):
        return _redact_items(cast("Sequence[object]", value), queries, depth)
    return value


def _redact_mapping(value: Mapping[object, object], queries: Queries, depth: int) -> object:
    if depth == 0:
        return TOO_DEEP
    clean: dict[object, object] = {}
    changed = False
    for name, item in value.items():
        if isinstance(name, str) and is_secret(name) and not (item is None or isinstance(item, bool)):
            masked: object = MASK
        else:
            masked = _redact(item, queries, depth - 1)
        changed = changed or masked is not item
        clean[name] = masked
    return clean if changed else value


def _redact_items(value: Sequence[object], queries: Queries, depth: int) -> object:
    if depth == 0:
        return TOO_DEEP
    clean = [_redact(item, queries, depth - 1) for item in value]
    if len(value) == 2 and isinstance(value[0], str) and is_secret(value[0]) and isinstance(value[1], str):
        clean[1] = MASK  # a header as a pair
    return clean if any(new is not old for new, old in zip(clean, value, strict=True)) else value


def _mask_url(scheme: str, rest: str, queries: Queries) -> str:
    ends = [at for at in map(rest.find, "/?#") if at >= 0]
    host, tail = (rest[: min(ends)], rest[min(ends) :]) if ends else (rest, "")
    if "@" in host:
        host = f"{MASK}@{host.rpartition('@')[2]}"
    elif "@" in tail and ":" in host and not host.rpartition(":")[2].isdigit():
        host, tail = f"{MASK}@{tail.rpartition('@')[2]}", ""  # a password with an unescaped slash

    def mask(found: re.Match[str]) -> str:
        secret = queries == "all" or is_secret(found[2]) or found[2].lower() in {"code", "key"}
        return f"{found[1]}{found[2]}={MASK}" if secret and found[3] else found[0]

    return f"{scheme}://{host}{_PAIR.sub(mask, tail)}"


def _mask_assigned(found: re.Match[str]) -> str:
    if not is_secret(found["name"]) or found["value"].lower() in {"true", "false", "null", "none", "bearer", "basic"}:
        return found[0]
    return f"{found['name']}{found['sign']}{MASK}"
