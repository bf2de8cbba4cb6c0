"""`output token ...`: tokens with scopes, in the file that the API server reads."""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.exit_codes import CommandError
from output.cli.options import FormatOption
from output.cli.render.output import note, print_json, print_text, width
from output.config.light import read_variables

if TYPE_CHECKING:
    from output.security.token_file import StoredToken

PREFIX = "output_"  # tells people, and programs that look for secrets in texts, what it is
_BYTES = 32
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The token's name, which the access log shows: letters, digits, `_.@-`.")
]
FileOption = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="The file of tokens; without it the one of OUTPUT_API_TOKENS_FILE."),
]


def create(
    name: NameArgument,
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope",
            "-s",
            metavar="SCOPE",
            help="What it may do, repeatable: `view`, `run:NAME`, `message:NAME` (`*` for all), `operate`, `admin`.",
        ),
    ],
    expires: Annotated[
        str | None,
        typer.Option("--expires", metavar="WHEN", help="Until when: `90d`, `12h`, or a time such as 2027-03-31."),
    ] = None,
    file: FileOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Make a token, put its hash into the file of tokens, and print it, this once.

    Without a file, the line for one is printed beside it.
    """
    from output.security.token_file import add_token
    from output.security.token_hashes import hash_token

    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    made = _stored(name, hash_token(secret), scope, _moment(expires))
    path = _path(file)
    if path is not None:
        tokens = _read(path) if path.exists() else ()
        if any(token.name == name for token in tokens):
            raise CommandError(f"{path} has a token {name!r} already; `output token revoke {name}` takes it away.")
        add_token(path, made)
    if output_format == "json":
        line = made.model_dump(mode="json", exclude_none=True)
        print_json({"token": secret, "file": str(path) if path is not None else None, "line": line})
        return
    print_text(secret)
    if path is not None:
        note(f"{path} has its hash; the token itself is nowhere but above. A server that runs knows it already.")
    else:
        note("Put this line into the file that OUTPUT_API_TOKENS_FILE names; the token itself is nowhere but above:")
        note(made.line())


def list_tokens(file: FileOption = None, output_format: FormatOption = "text") -> None:
    """List the tokens of the file: names, scopes and until when they are valid."""
    from output.cli.render.table import Column, lay_out

    tokens = _read(_required(file))
    if output_format == "json":
        print_json([token.model_dump(mode="json", exclude={"hash"}) for token in tokens])
        return
    if not tokens:
        note("The file holds no token; `output token create NAME --scope SCOPE` makes one.")
        return
    columns = [Column("NAME"), Column("SCOPES", shrink=1), Column("EXPIRES")]
    rows = [[token.name, " ".join(token.scopes), _shown(token)] for token in tokens]
    for line in lay_out(columns, rows, width=width(sys.stdout)):
        print_text(line)


def revoke(name: NameArgument, file: FileOption = None) -> None:
    """Take a token out of the file; servers refuse it from their next request on."""
    from output.security.token_file import remove_token

    path = _required(file)
    tokens = _read(path)
    if all(token.name != name for token in tokens):
        known = ", ".join(token.name for token in tokens) or "none"
        raise CommandError(f"{path} has no token {name!r}; it has {known}.")
    remove_token(path, name)
    print_text(f"{name} is revoked")


def _path(file: Path | None) -> Path | None:
    named = read_variables().tokens_file
    return file or (Path(named) if named else None)


def _required(file: Path | None) -> Path:
    path = _path(file)
    if path is None:
        raise CommandError("Say which file of tokens: `--file FILE`, or OUTPUT_API_TOKENS_FILE.")
    return path


def _read(path: Path) -> tuple[StoredToken, ...]:
    from output.security.token_file import TokenFileError, read_tokens

    try:
        return read_tokens(path)
    except TokenFileError as error:
        raise CommandError(f"{path}: {error}") from None


def _stored(name: str, hashed: str, scopes: list[str], expires: datetime | None) -> StoredToken:
    import pydantic

    from output.security.token_file import StoredToken, describe_misfit

    try:
        return StoredToken(name=name, hash=hashed, scopes=scopes, expires=expires)
    except pydantic.ValidationError as error:
        raise CommandError(f"{describe_misfit(error)}.") from None


def _moment(text: str | None) -> datetime | None:
    """A duration from now, or a moment, in UTC where no zone is named."""
    if text is None:
        return None
    from output.config.types import parse_duration

    now = datetime.now(UTC)
    try:
        moment = now + parse_duration(text) if not text.isdecimal() else None
    except (ValueError, OverflowError):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
    if moment is None:
        raise CommandError(f"--expires {text!r} is no time; give one such as 90d, 12h, 2027-03-31 or 2027-03-31T12:00.")
    moment = (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).replace(microsecond=0)
    if moment <= now:
        raise CommandError(f"--expires {text!r} is in the past.")
    return moment


def _shown(token: StoredToken) -> str:
    if token.expires is None:
        return "never"
    return token.expires.strftime("%Y-%m-%d %H:%M UTC") + (" (expired)" if token.is_expired() else "")
