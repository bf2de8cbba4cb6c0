"""Which texts a schema's `format` admits: exactly those that pydantic, on the worker's side, takes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

import pydantic
from pydantic import AnyUrl, TypeAdapter

_TYPES: Mapping[str, type[object]] = {
    "uuid": uuid.UUID,
    "date": datetime.date,
    "date-time": datetime.datetime,
    "time": datetime.time,
    "duration": datetime.timedelta,
    "uri": AnyUrl,
    "ipv4": IPv4Address,
    "ipv6": IPv6Address,
    "ipv4network": IPv4Network,
    "ipv6network": IPv6Network,
    "ipv4interface": IPv4Interface,
    "ipv6interface": IPv6Interface,
}
# The validator's own idea of these is narrower than that of the types which publish them (a Python pattern, say).
_OPEN = (
    "hostname", "idn-hostname", "idn-email", "regex", "uri-reference", "iri", "iri-reference", "uri-template",
    "json-pointer", "relative-json-pointer",
)  # fmt: skip


@lru_cache(maxsize=1)
def format_checks() -> dict[str, Callable[[str], bool]]:
    """One check for each format; formats without one admit every text."""
    checks: dict[str, Callable[[str], bool]] = {name: _parses_as(kind) for name, kind in _TYPES.items()}
    return {**checks, "email": _is_email, **dict.fromkeys(_OPEN, _is_any)}


def _parses_as(kind: type[object]) -> Callable[[str], bool]:
    adapter = TypeAdapter(kind)

    def check(text: str) -> bool:
        try:
            adapter.validate_python(text)
        except pydantic.ValidationError:
            return False
        return True

    return check


def _is_email(text: str) -> bool:
    local, at, domain = text.strip().rpartition("@")
    return bool(local and at and domain) and not any(letter.isspace() for letter in domain)


def _is_any(text: str) -> bool:
    del text
    return True
