"""What the Tab key offers."""

from __future__ import annotations

import time

import pytest

from tests.support.command import Command
from tests.support.processes import free_port


def _complete(output: Command, line: str, **variables: str) -> list[str]:
    """What bash gets for a line that ends where the cursor is."""
    words = line.split(" ")
    variables |= {"_OUTPUT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    ended = output(**variables)
    assert (ended.code, ended.err) == (0, "")
    return ended.out.split()


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("output wor", ["worker", "workflow"]),
        ("output workflow st", ["start", "status", "stop"]),
        ("output workflow run price", ["price_order"]),
        ("output workflow run price_order b", ["breakfast"]),
        ("output workflow run price_order ", ["breakfast", "unknown_product"]),
        ("output workflow status x --format ", ["text", "json"]),
        ("output init x --template a", ["approval"]),
    ],
)
def test_commands_options_workflows_and_scenarios_are_offered(output: Command, line: str, offers: list[str]) -> None:
    assert sorted(_complete(output, line)) == sorted(offers)


def test_the_ids_of_recent_runs_are_offered(output: Command) -> None:
    output("workflow", "run", "price_order", "breakfast", "--workflow-id", "tab-key-17")

    deadline = time.monotonic() + 30  # a listing is a moment behind
    while not (offers := _complete(output, "output workflow debug tab-key")) and time.monotonic() < deadline:
        pass
    assert offers == ["tab-key-17"]


def test_without_a_server_nothing_is_offered_and_nothing_is_said(output: Command) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"

    assert _complete(output, "output workflow run pri", OUTPUT_API_URL=nowhere) == []
    assert _complete(output, "output workflow status x", OUTPUT_API_URL="nonsense") == []
