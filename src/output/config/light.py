"""The environment as client and command line read it: without pydantic, whose import would double their start-up."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TextIO


def _variable(name: str, meaning: str) -> str | None:
    return field(default=None, metadata={"variable": name, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientVariables:
    """What client and command line read; None where a variable is unset or empty."""

    api_url: str | None = _variable(
        "OUTPUT_API_URL",
        "where the API server is; without it `http://localhost:` and the port that `OUTPUT_API_PORT` names, or 3001",
    )
    api_port: str | None = _variable("OUTPUT_API_PORT", "port of a server on this machine")
    api_token: str | None = _variable(
        "OUTPUT_API_AUTH_TOKEN", "the token to send; of several, comma-separated, the first"
    )
    tokens_file: str | None = _variable("OUTPUT_API_TOKENS_FILE", "the file that `output token` writes")
    env_file: str | None = _variable("OUTPUT_CLI_ENV", "a file of variables to read instead of `.env`")
    no_color: str | None = _variable("NO_COLOR", "set to anything, it turns colours off")
    terminal: str | None = _variable("TERM", "`dumb` turns colours and live progress off")

    @property
    def url(self) -> str:
        return self.api_url or f"http://localhost:{self.api_port or 3001}"

    @property
    def token(self) -> str | None:
        return self.api_token.split(",")[0].strip() if self.api_token else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DevVariables:
    """What `output dev` reads itself; None where a variable is unset or empty."""

    engine_address: str | None = _variable(
        "TEMPORAL_ADDRESS", "the engine's host and port; with it `output dev` starts none"
    )
    namespace: str | None = _variable("TEMPORAL_NAMESPACE", "the engine's namespace")
    engine_binary: str | None = _variable(
        "OUTPUT_TEMPORAL_CLI",
        "the Temporal server that `output dev` starts, instead of the one of `output-workflows[dev]`",
    )
    api_host: str | None = _variable("OUTPUT_API_HOST", "address that the API server listens on")
    api_port: str | None = _variable("OUTPUT_API_PORT", "port of the API server")
    console: str | None = _variable("OUTPUT_CONSOLE", "whether there is a web console to tell of")
    ready_descriptor: str | None = _variable(
        "OUTPUT_READY_FD", "file descriptor on which to tell a parent that all is up"
    )


def read_dev_variables(environment: Mapping[str, str]) -> DevVariables:
    """The variables in an environment."""
    names = {each.name: str(each.metadata["variable"]) for each in fields(DevVariables)}
    return DevVariables(**{name: environment.get(variable) or None for name, variable in names.items()})


def project_environment(folder: Path) -> dict[str, str]:
    """The environment with the variables of the folder's `.env`; what is set already stays."""
    file = folder / ".env"
    if not file.is_file():
        return dict(os.environ)
    return {**read_env_file(file), **os.environ}


class EnvFileError(ValueError):
    """A file of variables that is no text."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file} is not UTF-8 ({reason}); save it as UTF-8, or as UTF-16 with a byte-order mark.")
        self.file = file


def read_env_file(file: Path) -> dict[str, str]:
    """The variables in a file such as `.env`: UTF-8, or UTF-16 as its byte-order mark says. Raises: EnvFileError."""
    from dotenv import dotenv_values  # 30 ms, and most folders have no such file

    data = file.read_bytes()
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EnvFileError(file, f"line {line}: {error.reason}") from None
    return {name: value for name, value in dotenv_values(stream=io.StringIO(text)).items() if value is not None}


def read_variables() -> ClientVariables:
    """The variables as they are now."""
    names = {each.name: str(each.metadata["variable"]) for each in fields(ClientVariables)}
    return ClientVariables(**{name: os.environ.get(variable) or None for name, variable in names.items()})


def read_variable(name: str) -> str | None:
    """A variable that an author names, as `$NAME` in a header; None when it is unset or empty."""
    return os.environ.get(name) or None


def load_env_file() -> None:
    """Take variables from `.env` in the working folder, or from the file that OUTPUT_CLI_ENV names.

    What is set already stays. Raises: FileNotFoundError when the file that was named is not there, EnvFileError.
    """
    named = read_variables().env_file
    path = Path(named or ".env")
    if path.is_file():
        for name, value in read_env_file(path).items():
            os.environ.setdefault(name, value)
    elif named:
        raise FileNotFoundError(f"OUTPUT_CLI_ENV names {named!r}, which is no file; correct it or unset it.")


def wants_colour(stream: TextIO) -> bool:
    """Whether a person looks at this stream in a terminal that shows colours, and did not decline them."""
    variables = read_variables()
    return stream.isatty() and variables.no_color is None and variables.terminal != "dumb"
