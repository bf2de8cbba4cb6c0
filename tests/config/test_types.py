"""How values of variables are written, and what is said of those that do not fit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from output.config.types import Address, CatalogId, Duration, Milliseconds, Origins, Port


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("24h", 86_400), ("30m", 1_800), ("10s", 10), ("500ms", 0.5), ("1.5h", 5_400), ("2d", 172_800), ("250", 0.25)],
)
def test_a_duration_has_a_unit_or_is_milliseconds(text: str, seconds: float) -> None:
    assert TypeAdapter(Duration).validate_python(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "10 seconds", "-5s", "1h30m", "h", "1e3s", "9" * 30, "9" * 30 + "d"])
def test_what_is_no_duration_is_told_with_examples(text: str) -> None:
    with pytest.raises(ValidationError, match="give a duration such as 24h, 30m, 10s or 500ms"):
        TypeAdapter(Duration).validate_python(text)


@pytest.mark.parametrize("text", ["", "1.5", "10s", "-1", "9" * 30])
def test_milliseconds_are_whole_numbers(text: str) -> None:
    assert TypeAdapter(Milliseconds).validate_python("1500") == timedelta(seconds=1.5)
    with pytest.raises(ValidationError, match="give a whole number of milliseconds"):
        TypeAdapter(Milliseconds).validate_python(text)


@pytest.mark.parametrize("text", ["localhost:7233", "10.0.0.1:1", "[::1]:7233", "engine.example.com:443"])
def test_an_address_has_host_and_port(text: str) -> None:
    assert TypeAdapter(Address).validate_python(text) == text


@pytest.mark.parametrize("text", ["localhost", "http://localhost:7233", ":7233", "host:", "host:port", "a b:1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="give host and port"):
        TypeAdapter(Address).validate_python(text)


def test_origins_are_separated_by_commas() -> None:
    given = TypeAdapter[object](Origins).validate_python(" https://a.example ,http://localhost:3000, ")

    assert given == ["https://a.example", "http://localhost:3000"]


@pytest.mark.parametrize("text", ["a.example", "https://a.example/path", "https://", "ftp:a"])
def test_what_is_no_origin_is_named(text: str) -> None:
    with pytest.raises(ValidationError, match=f"'{text}' is no origin"):
        TypeAdapter[object](Origins).validate_python(f"*,{text}")


@pytest.mark.parametrize("text", ["", "a b", "a/b", "ä", "a$"])
def test_a_catalog_id_fits_into_a_url(text: str) -> None:
    assert TypeAdapter(CatalogId).validate_python("team-a.orders@2") == "team-a.orders@2"
    with pytest.raises(ValidationError):
        TypeAdapter(CatalogId).validate_python(text)


@pytest.mark.parametrize("number", ["-1", "65536", "http"])
def test_a_port_is_one(number: str) -> None:
    assert TypeAdapter(Port).validate_python("0") == 0
    with pytest.raises(ValidationError):
        TypeAdapter(Port).validate_python(number)
