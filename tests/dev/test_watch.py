"""Which files count as sources."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from output.dev.watch import watch_sources

SECONDS = 30
TRIES = 100


class Watched:
    """A folder under watch, and what was told of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: set[Path] = set()
        self._news = asyncio.Event()

    def report(self, files: frozenset[Path]) -> None:
        self.told |= files
        self._news.set()

    async def wait_for(self, name: str) -> None:
        """Wait until a file or folder is told of."""
        async with asyncio.timeout(SECONDS):
            while self.root / name not in self.told:
                self._news.clear()
                await self._news.wait()

    async def write(self, name: str) -> None:
        """Write a file and wait until it is told of."""
        file = self.root / name
        for attempt in range(TRIES):  # the watch may only just be starting
            self._news.clear()
            file.write_text(f"# {attempt}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), SECONDS / TRIES)
            if file in self.told:
                return
        raise TimeoutError(f"{name} was not told of: {self.told}")


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncGenerator[Watched]:
    for folder in ("workflows/digest", ".venv/lib", "env"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    watched = Watched(tmp_path)
    task = asyncio.create_task(watch_sources(tmp_path, watched.report))
    await watched.write("probe.py")
    await watched.write("workflows/digest/probe.py")
    yield watched
    task.cancel()
    await asyncio.wait({task})


@pytest.mark.parametrize("name", ["workflows/digest/steps.py", "hooks.py", "pyproject.toml", ".env"])
async def test_sources_are_told_of(watched: Watched, name: str) -> None:
    await watched.write(name)


async def test_a_source_that_is_gone_is_told_of(watched: Watched) -> None:
    await watched.write("workflows/digest/old.py")
    watched.told.clear()

    (watched.root / "workflows/digest/old.py").unlink()

    await watched.wait_for("workflows/digest/old.py")


async def test_what_runs_write_is_not_told_of(watched: Watched) -> None:
    names = ["workflows/digest/pages.json", "table.csv", ".venv/lib/module.py", "env/module.py"]
    (watched.root / "logs").mkdir()
    for name in (*names, "logs/trace.py"):
        (watched.root / name).write_text("")

    await watched.write("workflows/digest/steps.py")

    assert not watched.told & {watched.root / name for name in (*names, "logs/trace.py")}


async def test_a_folder_that_appears_later_is_watched_too(watched: Watched) -> None:
    (watched.root / "shared" / "tools").mkdir(parents=True)

    await watched.write("shared/tools/clock.py")


async def test_a_folder_that_is_moved_here_is_told_of(
    watched: Watched, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "flows"
    elsewhere.mkdir()
    (elsewhere / "steps.py").write_text("")

    elsewhere.rename(watched.root / "flows")

    await watched.wait_for("flows")


async def test_a_file_that_is_written_with_what_it_held_has_not_changed(watched: Watched) -> None:
    same = watched.root / "workflows" / "generated.py"
    await watched.write("workflows/generated.py")
    watched.told.clear()

    same.write_text(same.read_text())
    await watched.write("workflows/digest/probe.py")

    assert same not in watched.told


async def test_a_linked_folder_is_watched_where_it_lies_and_told_of_where_it_is_linked(
    watched: Watched, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "steps.py").write_text("")
    (watched.root / "workflows" / "linked").symlink_to(elsewhere)
    await watched.wait_for("workflows/linked")

    await watched.write("workflows/linked/steps.py")
