"""The command line against a real server."""

from __future__ import annotations

import pytest

from tests.support.command import Command, Ended, run_command
from tests.support.made_project import Made


@pytest.fixture
def output(made: Made) -> Command:
    """`output ...` in the made project's folder, against its server."""

    def run(*words: str, stdin: str = "", **variables: str) -> Ended:
        return run_command(*words, folder=made.folder, stdin=stdin, **{"OUTPUT_API_URL": made.url, **variables})

    return run
