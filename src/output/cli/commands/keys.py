"""`output keys ...`: keys that values are encrypted with."""

from __future__ import annotations

import base64
import re
import secrets
from datetime import UTC, datetime
from typing import Annotated

import typer

from output.cli.exit_codes import CommandError, ExitCode
from output.cli.options import FormatOption
from output.cli.render.output import note, print_json, print_text

_BYTES = 32
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")


def create(
    key_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The key's ID; without it today's date and some letters.")
    ] = None,
    output_format: FormatOption = "text",
) -> None:
    """Make a key for OUTPUT_ENCRYPTION_KEYS and print it, this once."""
    name = key_id or f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(2)}"
    if not _ID.match(name):
        raise CommandError("An ID has up to 64 letters, digits, `_`, `.` and `-`.", code=ExitCode.USAGE)
    key = base64.b64encode(secrets.token_bytes(_BYTES)).decode()
    if output_format == "json":
        print_json({"id": name, "key": key})
    else:
        print_text(f"{name}:{key}")
        note("Put it first in OUTPUT_ENCRYPTION_KEYS of API and workers, older keys behind it; keep it safe.")
