"""How the values of environment variables are written: durations, lists, addresses, origins."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from output.models.references import CATALOG_ID_PATTERN

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)\Z")
_ADDRESS = re.compile(r"[^\s/]+:\d{1,5}\Z")
_ORIGIN = re.compile(r"(\*|null|[a-z][a-z0-9+.-]*://[^/\s]+)\Z")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def _duration(value: object) -> object:
    """`24h`, `30m`, `10s`, `500ms`; a bare number is milliseconds."""
    if not isinstance(value, str):
        return value
    found = _DURATION.match(value.strip())
    try:
        if value.isdecimal():
            return timedelta(milliseconds=int(value))
        if found is not None:
            return timedelta(seconds=float(found[1]) * _UNITS[found[2]])
    except OverflowError:
        pass  # longer than a timedelta takes: some three million years
    raise ValueError("give a duration such as 24h, 30m, 10s or 500ms")


def parse_duration(text: str) -> timedelta:
    """A duration as settings have it. Raises: ValueError."""
    value = _duration(text)
    assert isinstance(value, timedelta)
    return value


def _milliseconds(value: object) -> object:
    """A whole number of milliseconds."""
    if isinstance(value, str):
        try:
            if value.strip().isdecimal():
                return timedelta(milliseconds=int(value))
        except OverflowError:
            pass
        raise ValueError("give a whole number of milliseconds")
    return value


def comma_separated(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _address(value: str) -> str:
    if not _ADDRESS.match(value):
        raise ValueError("give host and port, such as localhost:7233")
    return value


def _origins(values: list[str] | None) -> list[str] | None:
    for value in values or ():
        if not _ORIGIN.match(value):
            raise ValueError(f"{value!r} is no origin; give * or such as https://app.example.com, comma-separated")
    return values


Address = Annotated[str, AfterValidator(_address)]
Origins = Annotated[list[str] | None, NoDecode, BeforeValidator(comma_separated), AfterValidator(_origins)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Milliseconds = Annotated[timedelta, BeforeValidator(_milliseconds)]
CatalogId = Annotated[str, Field(pattern=CATALOG_ID_PATTERN)]
Port = Annotated[int, Field(ge=0, le=65535)]
