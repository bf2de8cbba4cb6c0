"""The reference says what the commands say."""

from __future__ import annotations

from pathlib import Path

from output.cli.reference import render_reference

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_is_what_the_commands_make_it() -> None:
    assert PAGE.read_text() == render_reference(), "run `python -m output.cli.reference > docs/cli.md`"


def test_every_command_and_option_says_what_it_is_for() -> None:
    page = render_reference()

    assert page.count("### `output") >= 25
    assert "| None" not in page
    assert "``" not in page.replace("```", "")
