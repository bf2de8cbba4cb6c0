"""The command line as a real process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import clean_environment
from tests.support.waiting import SECONDS

OUTPUT = str(Path(sys.executable).with_name("output"))


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
