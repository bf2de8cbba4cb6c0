"""Which of a project's sources changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType] — its stop event may be trio's

_FOREIGN = frozenset({"__pycache__", "build", "dist", "logs", "node_modules", "site-packages", "venv"})
_FILES = frozenset({"pyproject.toml", ".env"})


async def watch_sources(root: Path, on_change: Callable[[frozenset[Path]], None]) -> None:
    """Tell of changed Python files, `pyproject.toml` and `.env` until cancelled.

    Environments, caches and what runs write are left out: a step that writes a file must not restart its worker.
    """
    known = _source_folders(root)
    below = asyncio.create_task(_watch_below(known, root, on_change))
    try:
        async for changes in _changes(root, recursive=False):
            folders = _source_folders(root)
            if folders != known:
                outdated, below = below, asyncio.create_task(_watch_below(folders, root, on_change))
                await asyncio.sleep(0)  # now it watches, and only now may the old one go: nothing is missed
                outdated.cancel()
            appeared, known = folders - known, folders
            _report(changes | appeared, root, on_change)
    finally:
        below.cancel()


async def _watch_below(folders: frozenset[Path], root: Path, on_change: Callable[[frozenset[Path]], None]) -> None:
    if not folders:
        return
    async for changes in _changes(*folders, recursive=True):
        _report(changes, root, on_change)


async def _changes(*paths: Path, recursive: bool) -> AsyncIterator[set[Path]]:
    async for changes in awatch(*paths, watch_filter=None, debounce=400, step=50, recursive=recursive):
        yield {Path(path) for _, path in changes}


def _source_folders(root: Path) -> frozenset[Path]:
    # One by one, because an environment below the root would take tens of thousands of watches.
    return frozenset(
        each for each in root.iterdir() if each.is_dir() and not _is_foreign(each.name) and not _is_environment(each)
    )


def _report(changes: set[Path], root: Path, on_change: Callable[[frozenset[Path]], None]) -> None:
    sources = frozenset(path for path in changes if _is_source(path, root))
    if sources:
        on_change(sources)


def _is_source(path: Path, root: Path) -> bool:
    if any(_is_foreign(part) for part in path.relative_to(root).parts[:-1]):
        return False
    if path.parent == root and path.name in _FILES:
        return True
    if path.suffix == ".py":
        return True
    # A folder that was moved here comes as one change, without its files.
    return not _is_foreign(path.name) and path.is_dir() and any(path.rglob("*.py"))


def _is_foreign(name: str) -> bool:
    return name in _FOREIGN or name.startswith(".")


def _is_environment(folder: Path) -> bool:
    return (folder / "pyvenv.cfg").exists()
