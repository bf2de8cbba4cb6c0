"""The command line as a real process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.made_project import Made, made
from tests.stack import clean_environment

__all__ = ["made"]

OUTPUT = str(Path(sys.executable).with_name("output"))
SECONDS = 60.0  # a bound, never a pace


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


def run_command(*words: str, folder: Path, stdin: str = "", **variables: str) -> Ended:
    """Run `output` with these words in a folder; nothing is inherited that would change what it does."""
    ended = subprocess.run(
        [OUTPUT, *words],
        cwd=folder,
        env=clean_environment(**variables),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def output(made: Made) -> Command:
    """`output ...` in the made project's folder, against its server."""

    def run(*words: str, stdin: str = "", **variables: str) -> Ended:
        return run_command(*words, folder=made.folder, stdin=stdin, **{"OUTPUT_API_URL": made.url, **variables})

    return run
