"""Query parameters that several routes take, read strictly: `true`, not `yes`; `5`, not `5.0`."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator


def _true_or_false(value: object) -> object:
    if isinstance(value, str) and value not in {"true", "false"}:
        raise ValueError("give true or false")
    return value


def _digits(value: object) -> object:
    if isinstance(value, str) and not (value.isascii() and value.isdecimal() and len(value) < 20):
        raise ValueError("give a whole number")
    return value


def _run_id(value: object) -> object:
    # Braces, `urn:uuid:` and bare hex are UUIDs too, but no run IDs: rewritten, they would hide a client's mistake.
    if isinstance(value, str) and not _RUN_ID.fullmatch(value):
        raise ValueError("give a run ID, such as 0194b6f2-7c1e-7d3a-9a55-3f0c6f1a2b3c")
    return value


_RUN_ID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
RunId = Annotated[UUID, BeforeValidator(_run_id)]
StrictFlag = Annotated[bool, BeforeValidator(_true_or_false)]
WholeNumber = Annotated[int, BeforeValidator(_digits)]
