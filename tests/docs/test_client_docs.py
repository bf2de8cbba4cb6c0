"""The examples of docs/client.md run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from inspect import getmembers, isasyncgenfunction, isfunction
from pathlib import Path

import pytest

from output.client import Client
from output.client.runs import Runs
from output.client.schedules import Schedules
from tests.support.made_project import Made
from tests.support.processes import clean_environment

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "client.md").read_text()
SCHEDULES = (DOCS / "schedules.md").read_text()
EXAMPLES = re.findall(r"^```python\n(import.*?)^```$", PAGE + SCHEDULES, re.MULTILINE | re.DOTALL)
SHOWN = ("completed {'lines'", "Somebody else has to decide", "WORKFLOW_EXECUTION_COMPLETED", "price_order-")


@pytest.mark.parametrize(("example", "shown"), list(zip(EXAMPLES, SHOWN, strict=True)))
def test_an_example_runs(made: Made, example: str, shown: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        env=clean_environment(OUTPUT_API_URL=made.url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert shown in ran.stdout


def test_every_method_is_on_the_page() -> None:
    for kind in (Client, Runs, Schedules):
        for name, _ in getmembers(kind, lambda member: isfunction(member) or isasyncgenfunction(member)):
            if not name.startswith("_") and name != "close":
                assert f".{name}(" in PAGE, name
