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

# Texts come from users and may be megabytes long, and `re` holds the GIL: patterns begin with a literal, which
# is looked for at memory speed, and reads each character a few times at most, wherever it begins.
_URL = re.compile(r"://([^\s\"'<>\\`]++)")
_SCHEME_OF_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+\Z")
_PAIR = re.compile(r"([?&;#])([^=&;#?\s]*+)=([^&;#\s]*+)")
_SECRET_SHAPES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)",
        r"sk-(?<!\wsk-)[\w-]{16,}+",
        r"AKIA(?<!\wAKIA)[0-9A-Z]{16}\b",
        r"ASIA(?<!\wASIA)[0-9A-Z]{16}\b",
        r"gh(?<!\wgh)[pousr]_\w{20,}+",
        r"github_pat_(?<!\wgithub_pat_)\w{20,}+",
        r"xox(?<!\wxox)[abeoprs]-[\w-]{10,}+",
        r"AIza(?<!\wAIza)[\w-]{30,}+",
        r"/approve/[\w-]{60,}+",  # whoever has the link may answer
        r"output_(?<!\woutput_)[\w-]{43}(?![\w-])",  # what `output token create` makes
    )
)
# A JSON Web Token, or what ends with one: begun only where a run of such characters begins, so that each is read once.
_DOTTED = re.compile(r"(?<![\w-])[\w-]{11,}+\.[\w-]{8,}+\.[\w-]*+")
# A word behind "basic" is prose, unless it is long or looks encoded.
_SCHEME = re.compile(r"\b((?i:bearer|basic))(\s++)(?:(?=[\w.~+/-]*[\dA-Z=])[\w.~+/=-]{6,}+|[\w.~+/=-]{20,}+)")
# An assignment to a telling name is found by the word in it, in small letters.
_LONGEST_NAME = 64  # characters on either side of the word
_ASSIGNMENTS = tuple(
    re.compile(rf"{word}[\w-]{{0,{_LONGEST_NAME}}}+[\"']?\s{{0,16}}+[=:]\s{{0,16}}+")
    for word in (
        *("password", "passwd", "passphrase", "secret", "token", "api[_-]?key", "access[_-]?key", "private[_-]?key"),
        *("authorization", "cookie"),
    )
)
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'|[^\s,;&\"'}\])]++")
_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
_SAFE_VALUES = frozenset({"true", "false", "null", "none", "bearer", "basic"})


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
    clean = text
    if "://" in clean:
        clean = _URL.sub(lambda found: _mask_url(found, queries), clean)
    if "eyJ" in clean:
        clean = _DOTTED.sub(_mask_json_web_token, clean)
    for shape in _SECRET_SHAPES:
        clean = shape.sub(MASK, clean)
    lowered = _lower(clean)
    if "bearer" in lowered or "basic" in lowered:
        clean = _SCHEME.sub(lambda found: f"{found[1]}{found[2]}{MASK}", clean)
        lowered = _lower(clean)
    clean = _mask_assigned(clean, lowered)
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


def _lower(text: str) -> str:
    """Small letters at the same places: of some capitals Unicode makes two characters."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _mask_url(found: re.Match[str], queries: Queries) -> str:
    start, rest = found.start(), found[1]
    if _SCHEME_OF_URL.search(found.string[max(0, start - 32) : start]) is None:
        return found[0]
    ends = [at for at in map(rest.find, "/?#") if at >= 0]
    host, tail = (rest[: min(ends)], rest[min(ends) :]) if ends else (rest, "")
    if "@" in host:
        host = f"{MASK}@{host.rpartition('@')[2]}"
    elif "@" in tail and ":" in host and not host.rpartition(":")[2].isdigit():
        host, tail = f"{MASK}@{tail.rpartition('@')[2]}", ""  # a password with an unescaped slash

    def mask(found: re.Match[str]) -> str:
        secret = queries == "all" or is_secret(found[2]) or found[2].lower() in {"code", "key"}
        return f"{found[1]}{found[2]}={MASK}" if secret and found[3] else found[0]

    return f"://{host}{_PAIR.sub(mask, tail)}"


def _mask_json_web_token(found: re.Match[str]) -> str:
    text = found[0]
    start = text.partition(".")[0].find("eyJ")
    if start < 0 or text.find(".") - start < 11:
        return text
    return text[:start] + MASK


def _mask_assigned(text: str, lowered: str) -> str:
    """Mask what telling names are assigned: `password=…`, `"api_key": "…"`."""
    found = [each.span() for pattern in _ASSIGNMENTS for each in pattern.finditer(lowered)]
    if not found:
        return text
    kept: list[str] = []
    done = 0
    for word, sign_end in sorted(found):
        if word < done:
            continue
        value = _VALUE.match(text, sign_end)
        if value is None or lowered[value.start() : value.end()] in _SAFE_VALUES:
            continue
        before = text[max(done, word - _LONGEST_NAME) : word]
        start = word - (len(before) - len(before.rstrip(_NAME_CHARACTERS)))
        if is_secret(text[start:sign_end].rstrip("\"'=: \t\r\n")):
            kept += (text[done:sign_end], MASK)
            done = value.end()
    return "".join((*kept, text[done:])) if kept else text
