"""`output keys create`: a key that the setting takes."""

from __future__ import annotations

import json
from pathlib import Path

from output.config.encryption_keys import read_keys
from tests.support.command import run_command


def test_a_key_is_made_that_the_setting_takes(tmp_path: Path) -> None:
    as_text = run_command("keys", "create", "--id", "2026-11", folder=tmp_path)
    made = json.loads(run_command("keys", "create", "--format", "json", folder=tmp_path).out)

    assert list(read_keys(as_text.out.strip())) == ["2026-11"]
    assert list(read_keys(f"{made['id']}:{made['key']}")) == [made["id"]]


def test_an_id_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    refused = run_command("keys", "create", "--id", "a b", folder=tmp_path)

    assert refused.code == 2
    assert "letters" in refused.err
