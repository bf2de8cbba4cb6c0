"""An object lives as long as a run that names it can be read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from output import step, workflow
from output.testing import start_environment
from tests.support.processes import clean_environment


@step
async def make(letter: str) -> str:
    return letter * 300_000


@workflow
async def keep(letter: str) -> int:
    return len(await make(letter))


async def test_what_no_run_names_is_counted_and_then_deleted(
    engine_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTPUT_PAYLOAD_STORE", str(tmp_path))
    async with start_environment(workflows=[keep], address=engine_address) as environment:
        assert await environment.run(keep, "p") == 300_000
    [named] = tmp_path.glob("default/??/*")
    unnamed, fresh = named.parents[1] / "aa" / ("a" * 64), named.parents[1] / "bb" / ("b" * 64)
    for path in (unnamed, fresh):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"left behind")
    for path in (named, unnamed):
        os.utime(path, (1, 1))

    counted = prune(engine_address, tmp_path)
    kept = unnamed.exists()
    deleted = prune(engine_address, tmp_path, "--delete")

    assert "1 values, 0.0 MB, are named by none and would go" in counted
    assert kept
    assert "are deleted" in deleted
    assert (named.exists(), fresh.exists(), unnamed.exists()) == (True, True, False)


def test_without_a_store_there_is_nothing_to_prune(engine_address: str) -> None:
    ended = call(engine_address)

    assert ended.returncode == 1
    assert "OUTPUT_PAYLOAD_STORE" in ended.stderr


def prune(address: str, store: Path, *words: str) -> str:
    ended = call(address, *words, OUTPUT_PAYLOAD_STORE=str(store))
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def call(address: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = clean_environment(TEMPORAL_ADDRESS=address, **variables)
    command = [sys.executable, "-m", "output.operations.prune", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
