"""The folder of the engine's database: one user at a time, one server version, nothing deleted."""

import sqlite3
from pathlib import Path

import pytest

from output.dev.errors import DevError
from output.dev.state import StateFolder


def _server(folder: Path, version: str) -> Path:
    """A program that answers `--version` as the engine's server does."""
    program = folder / f"temporal-{version}"
    program.write_text(f'#!/bin/sh\necho "temporal version 1.9.1 (Server {version}, UI 2.54.1)"\n')
    program.chmod(0o755)
    return program


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path / ".output")
    folder.path.mkdir()
    return folder


def _write_database(state: StateFolder) -> None:
    with sqlite3.connect(state.database) as database:
        database.execute("create table kept (what text)")
    database.close()


def test_a_database_of_the_same_server_is_used(state: StateFolder, tmp_path: Path) -> None:
    state.prepare_database(_server(tmp_path, "1.32.0"), fresh=False)
    _write_database(state)

    assert state.prepare_database(_server(tmp_path, "1.32.4"), fresh=False) is None


def test_a_database_of_another_server_is_refused_and_a_fresh_one_is_offered(state: StateFolder, tmp_path: Path) -> None:
    state.prepare_database(_server(tmp_path, "1.31.2"), fresh=False)
    _write_database(state)

    with pytest.raises(DevError, match=r"written by Temporal server 1\.31\.2, and this one is 1\.32\.0.*--fresh"):
        state.prepare_database(_server(tmp_path, "1.32.0"), fresh=False)
    assert state.database.exists()


def test_a_fresh_database_keeps_the_old_one(state: StateFolder, tmp_path: Path) -> None:
    for _ in range(2):
        state.prepare_database(_server(tmp_path, "1.31.2"), fresh=True)
        _write_database(state)

    told = state.prepare_database(_server(tmp_path, "1.32.0"), fresh=True)

    assert not state.database.exists()
    kept = sorted(file.name for file in state.path.glob("engine-*.db"))
    assert kept == ["engine-1.31.2-1.db", "engine-1.31.2-2.db"]
    assert told is not None
    assert "engine-1.31.2-2.db" in told


def test_a_program_that_is_no_server_is_refused(state: StateFolder, tmp_path: Path) -> None:
    program = tmp_path / "temporal"
    program.write_text("#!/bin/sh\necho hello\n")
    program.chmod(0o755)

    with pytest.raises(DevError, match="is no Temporal server"):
        state.prepare_database(program, fresh=False)


def test_one_project_is_run_once_at_a_time(state: StateFolder) -> None:
    with state.claim(), pytest.raises(DevError, match="running for this project already"), state.claim():
        pass
    with state.claim():
        assert (state.path / ".gitignore").read_text() == "*\n"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DevError, match="cannot be written"), StateFolder(tmp_path / "file" / ".output").claim():
        pass


def test_the_folder_is_open_to_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / ".output"
    folder.mkdir(mode=0o755)

    with StateFolder(folder).claim():
        assert folder.stat().st_mode & 0o777 == 0o700
