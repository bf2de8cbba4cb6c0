"""The file of tokens: a JSON object in each line, or one JSON array; read again when it changes."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast

import pydantic
import structlog
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from output.security.scopes import check_scope
from output.security.token_hashes import check_hash

log = structlog.get_logger("output.security")
_Stamp = tuple[int, int, int, int]


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


class StoredToken(BaseModel):
    """A token as the file has it: everything but the token. A time without zone is UTC."""

    # A misspelt `expires` would be a token for ever: unknown names are refused.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$")]
    hash: Annotated[str, AfterValidator(check_hash), Field(repr=False)]
    scopes: Annotated[list[Annotated[str, AfterValidator(check_scope)]], Field(min_length=1)]
    expires: Annotated[datetime, AfterValidator(_in_utc)] | None = None

    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires is not None and self.expires <= datetime.now(UTC)

    def line(self) -> str:
        """Itself as a line of the file."""
        return self.model_dump_json(exclude_none=True)


class TokenFileError(ValueError):
    """The file of tokens cannot be read, or holds what is no token; the text repeats no hash."""


def read_tokens(path: Path) -> tuple[StoredToken, ...]:
    """The tokens of a file. Raises: TokenFileError."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise TokenFileError(f"the file {str(path)!r} cannot be read: {reason}") from None
    tokens = tuple(_parse(text))
    twice = [name for name, count in Counter(token.name for token in tokens).items() if count > 1]
    if twice:
        raise TokenFileError(f"the name {twice[0]!r} is given twice")
    return tokens


def add_token(path: Path, token: StoredToken) -> None:
    """Put a token at the file's end; a file that is new is for its owner alone. Raises: TokenFileError."""
    kept = _lines(path, read_tokens(path)) if path.exists() else []
    _replace(path, [*kept, token.line()])


def remove_token(path: Path, name: str) -> None:
    """Take a token out of the file; comments stay. Raises: TokenFileError."""
    tokens = read_tokens(path)
    gone = {token.line() for token in tokens if token.name == name}
    _replace(path, [line for line in _lines(path, tokens) if _plain(line) not in gone])


def _lines(path: Path, tokens: Sequence[StoredToken]) -> list[str]:
    """The file's lines; an array becomes lines."""
    text = path.read_text("utf-8-sig")
    return [token.line() for token in tokens] if text.lstrip().startswith("[") else text.splitlines()


def _plain(line: str) -> str:
    """A line as it would be written today."""
    return StoredToken.model_validate_json(line).line() if line.lstrip().startswith("{") else line


def _replace(path: Path, lines: Sequence[str]) -> None:
    """In one step: a server reads the old lines or the new."""
    target = path.resolve()  # a link stays one
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class TokenFile:
    """The tokens of a file as it is now; of one that cannot be read any more, as it was before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = _stamp(path)
        self.tokens = read_tokens(path)

    def refresh(self) -> bool:
        """Look whether the file has changed, which costs a microsecond or two; whether its tokens are others now."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self.tokens = read_tokens(self._path)
        except TokenFileError as error:
            log.error(
                "the file of tokens is broken; those read before stay valid", file=str(self._path), reason=str(error)
            )
            return False
        log.info("the file of tokens was read again", file=str(self._path), count=len(self.tokens))
        return True


def _parse(text: str) -> Iterator[StoredToken]:
    if text.lstrip().startswith("["):
        yield from _parse_array(text)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                yield StoredToken.model_validate_json(line)
            except pydantic.ValidationError as error:
                raise TokenFileError(f"line {number}: {describe_misfit(error)}") from None


def _parse_array(text: str) -> Iterator[StoredToken]:
    try:
        items = cast("list[object]", json.loads(text))
    except ValueError as error:
        raise TokenFileError(f"it is no JSON: {error}") from None
    for number, item in enumerate(items, 1):
        try:
            yield StoredToken.model_validate(item)
        except pydantic.ValidationError as error:
            raise TokenFileError(f"token {number}: {describe_misfit(error)}") from None


def describe_misfit(error: pydantic.ValidationError) -> str:
    """What does not fit, in a line that repeats no value."""
    details = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        ": ".join(filter(None, [".".join(map(str, each["loc"])), each["msg"].removeprefix("Value error, ")]))
        for each in details
    )


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
