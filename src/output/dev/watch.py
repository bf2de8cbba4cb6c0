"""Which of a project's sources changed."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path

from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType] — its stop event may be trio's

_FOREIGN = frozenset({"__pycache__", "build", "dist", "logs", "node_modules", "site-packages", "venv"})
_FILES = frozenset({"pyproject.toml", ".env"})

OnChange = Callable[[frozenset[Path]], None]


async def watch_sources(root: Path, on_change: OnChange) -> None:
    """Tell of changed Python files, `pyproject.toml` and `.env` until cancelled.

    Environments, caches and what runs write are left out: a step that writes a file must not restart its worker. A file
    that is written with what it held before has not changed. Linked folders are watched where they really lie, and
    their files told of as if they lay in the project.
    """
    await _Watch(root, on_change).run()


class _Watch:
    """The places under watch, and what their files held when they were last looked at."""

    def __init__(self, root: Path, on_change: OnChange) -> None:
        self._root, self._on_change = root, on_change
        self._places: Mapping[Path, Path] = _find_places(root)
        self._digests: dict[Path, bytes] = {}
        self._below: asyncio.Task[None] | None = None

    async def run(self) -> None:
        self._watch_places()
        await asyncio.to_thread(self._note_all)
        try:
            async for changes in _changes(self._root, recursive=False):
                await self._take(changes)
        finally:
            if self._below is not None:
                self._below.cancel()

    def _note_all(self) -> None:
        for place in (self._root, *self._places.values()):
            for file in self._sources_of(place, whole=place != self._root):
                self._digests.setdefault(file, _digest(file))

    def _watch_places(self) -> None:
        self._below = asyncio.create_task(self._watch_below(tuple(self._places)))

    async def _watch_below(self, folders: tuple[Path, ...]) -> None:
        if not folders:
            return
        async for changes in _changes(*folders, recursive=True):
            await self._take(changes)

    async def _take(self, changes: set[Path]) -> None:
        places = await asyncio.to_thread(_find_places, self._root)
        appeared = {shown for real, shown in places.items() if real not in self._places}
        outdated = self._below if places.keys() != self._places.keys() else None
        self._places = places
        if outdated is not None:
            self._watch_places()
            await asyncio.sleep(0)  # now it watches, and only now may the old one go: nothing is missed
        changed = await asyncio.to_thread(self._changed, {self._shown(path) for path in changes} | appeared)
        if changed:
            self._on_change(frozenset(changed))
        if outdated is not None:
            outdated.cancel()

    def _changed(self, paths: Iterable[Path]) -> set[Path]:
        """The paths at or below which a source holds something else than before; a deleted one holds nothing."""
        changed: set[Path] = set()
        for path in paths:
            for file in self._sources_of(path, whole=True):
                digest = _digest(file)
                if self._digests.get(file, b"") != digest:
                    self._digests[file] = digest
                    changed.add(path)
        return changed

    def _sources_of(self, path: Path, *, whole: bool) -> list[Path]:
        if not path.is_relative_to(self._root) or any(map(_is_foreign, path.relative_to(self._root).parts[:-1])):
            return []
        if path.is_dir():
            # A folder that was moved here comes as one change, without its files.
            if path != self._root and _is_foreign(path.name):
                return []
            found = path.rglob("*.py") if whole else path.iterdir()
            return [each for each in found if each.is_file() and self._is_source(each)]
        return [path] if self._is_source(path) else []

    def _is_source(self, file: Path) -> bool:
        parts = file.relative_to(self._root).parts
        if any(map(_is_foreign, parts[:-1])):
            return False
        return file.suffix == ".py" or (len(parts) == 1 and file.name in _FILES)

    def _shown(self, path: Path) -> Path:
        """The path as it stands in the project, for one below a folder that is linked into it."""
        for real, shown in self._places.items():
            if real != shown and path.is_relative_to(real):
                return shown / path.relative_to(real)
        return path


async def _changes(*paths: Path, recursive: bool) -> AsyncIterator[set[Path]]:
    async for changes in awatch(*paths, watch_filter=None, debounce=400, step=50, recursive=recursive):
        yield {Path(path) for _, path in changes}


def _find_places(root: Path) -> dict[Path, Path]:
    """The folders of sources, where they really lie, and how they are called in the project."""
    # One by one, because an environment below the root would take tens of thousands of watches.
    places: dict[Path, Path] = {}
    for each in root.iterdir():
        if each.is_dir() and not _is_foreign(each.name) and not _is_environment(each):
            _add_place(places, each)
    return places


def _add_place(places: dict[Path, Path], shown: Path) -> None:
    real = shown.resolve()
    if real in places:
        return  # linked twice, or in a circle
    places[real] = shown
    for folder, below, _ in os.walk(shown):
        below[:] = [name for name in below if not _is_foreign(name)]
        for name in below:
            path = Path(folder, name)
            if path.is_symlink() and not _is_environment(path):
                _add_place(places, path)


def _digest(file: Path) -> bytes:
    try:
        return hashlib.blake2b(file.read_bytes(), digest_size=16).digest()
    except OSError:
        return b""


def _is_foreign(name: str) -> bool:
    return name in _FOREIGN or name.startswith(".")


def _is_environment(folder: Path) -> bool:
    return (folder / "pyvenv.cfg").exists()
