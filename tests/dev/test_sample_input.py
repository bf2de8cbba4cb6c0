"""The input of a workflow's first scenario."""

from __future__ import annotations

from pathlib import Path

from output.dev.sample_input import find_scenario


def test_the_first_scenario_that_is_json_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "a.json").write_text("{broken")
    (folder / "b.json").write_text('{"ledger": "märz.csv"}', encoding="utf-8")
    (folder / "c.json").write_text("3")

    assert find_scenario(tmp_path) == {"ledger": "märz.csv"}
    assert find_scenario(folder) is None
