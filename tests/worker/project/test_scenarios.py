"""Inputs beside a workflow."""

from __future__ import annotations

from pathlib import Path

from output.worker.project.scenarios import read_scenarios


def test_scenarios_are_read_by_name_with_all_digits(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "b.json").write_text('{"id": 9007199254740993}', encoding="utf-8")
    (folder / "a.json").write_text("null", encoding="utf-8")

    assert [(example.name, example.input) for example in read_scenarios(tmp_path)] == [
        ("a", None),
        ("b", {"id": 9007199254740993}),
    ]


def test_what_is_no_json_or_large_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "nan.json").write_text("NaN", encoding="utf-8")
    (folder / "large.json").write_text('"' + "x" * 40_000 + '"', encoding="utf-8")
    (folder / "folder.json").mkdir()

    assert read_scenarios(tmp_path) == []
    assert read_scenarios(tmp_path / "nowhere") == []
