"""The example project keeps its promises: its own tests and its demonstration."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.processes import clean_environment

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart"
SECONDS = 110


def test_its_own_tests_pass() -> None:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]

    done = subprocess.run(
        words, cwd=QUICKSTART, env=clean_environment(), capture_output=True, text=True, timeout=SECONDS, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_demonstration_shows_a_digest_and_every_failure() -> None:
    done = subprocess.run(
        [sys.executable, "demo.py"],
        cwd=QUICKSTART,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for shown in (
        "Why the sea comes and goes",
        "UnbalancedEntryError",
        "UnreadableRowError",
        "ValueError",
        "completed",
    ):
        assert shown in done.stdout
