"""Query parameters that several routes take, read strictly: `true`, not `yes`; `5`, not `5.0`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator


def _true_or_false(value: object) -> object:
    if isinstance(value, str) and value not in {"true", "false"}:
        raise ValueError("give true or false")
    return value


def _digits(value: object) -> object:
    if isinstance(value, str) and not (value.isascii() and value.isdecimal() and len(value) < 20):
        raise ValueError("give a whole number")
    return value


StrictFlag = Annotated[bool, BeforeValidator(_true_or_false)]
WholeNumber = Annotated[int, BeforeValidator(_digits)]
