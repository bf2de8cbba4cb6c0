"""Traces as files below the project: sealed ones in `logs/runs/<workflow>/`, parts of running runs beside them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Literal
from uuid import uuid4

import pydantic_core

from output.models.runs import TraceLocations
from output.tracing.attempt_records import PartKey
from output.tracing.locations import LOCAL_FOLDER, local_name, marked, safe_name
from output.tracing.stores.store import Chunk, SealedTrace, StoredPart, TraceStoreError, run_of

_PARTS = ".parts"
_SEALED = "sealed"
_SUFFIX = ".jsonl"
_READABLE = 256 * 1024


class LocalStore:
    """The files of one project; `project` is its folder as this process sees it."""

    source: Literal["local"] = "local"

    def __init__(self, project: Path) -> None:
        self.folder = project / LOCAL_FOLDER

    def append(self, chunk: Chunk) -> None:
        folder = self._parts_folder(chunk.part.run_id)
        path = folder / f"{chunk.part.name}{_SUFFIX}"
        with _translated():
            try:
                file = path.open("ab")
            except FileNotFoundError:
                self._make(folder)
                file = path.open("ab")
            with file:
                file.write(chunk.data)

    def list_parts(self, run_id: str) -> Sequence[StoredPart]:
        found: list[StoredPart] = []
        with _translated():
            try:
                entries = list(os.scandir(self._parts_folder(run_id)))
            except FileNotFoundError:
                return []
            for entry in entries:
                key = PartKey.parse(run_id, entry.name.removesuffix(_SUFFIX))
                if entry.name.endswith(_SUFFIX) and key is not None:
                    found.append(StoredPart(key, entry.stat().st_size, (entry.path,)))
        return sorted(found, key=lambda part: part.key)

    def measure_parts(self, run_id: str) -> int:
        return sum(part.size for part in self.list_parts(run_id))

    def open_part(self, part: StoredPart) -> BinaryIO:
        with _translated():
            return Path(part.names[0]).open("rb")

    def open_sealed(self, locations: TraceLocations, run_id: str) -> SealedTrace | None:
        path = self._find(locations, run_id)
        if path is None:
            return None
        with _translated():
            return SealedTrace(run_id, str(path), path.open("rb"), self._recorded(run_id))

    def seal(
        self, locations: TraceLocations, run_id: str, content: BinaryIO, *, recorded: Mapping[str, int]
    ) -> str | None:
        path = self._path(locations)
        if path is None:
            return None
        with _translated():
            self._make(path.parent)
            open_node = path.parent / f".{uuid4().hex}.tmp"
            try:
                with open_node.open("wb") as file:
                    _write(content, file)
                path = self._put(open_node, path, run_id)
            finally:
                open_node.unlink(missing_ok=True)
            for member, size in recorded.items():
                with suppress(FileNotFoundError):  # swept meanwhile
                    (self._parts_folder(member) / _SEALED).write_text(str(size), encoding="ascii")
        return str(path)

    def find_by_id(self, workflow_id: str, run_id: str | None) -> SealedTrace | None:
        name = safe_name(workflow_id)
        with _translated():
            candidates = sorted(self.folder.glob(f"*/*Z_{name}*.json"), key=lambda path: path.name, reverse=True)
            for path in candidates:
                if not path.stem.partition("~~")[0].endswith(f"Z_{name}"):
                    continue  # another ID, of which this one is the start
                owner = self._owner(path)
                if owner is not None and run_id in {None, owner}:
                    return SealedTrace(owner, str(path), path.open("rb"), None)
        return None

    def sweep_parts(self, *, older_than: timedelta) -> None:
        """Remove parts that went into a sealed trace long ago; those of open runs stay."""
        with _translated():
            for marker in (self.folder / _PARTS).glob(f"*/{_SEALED}"):
                if time.time() - marker.stat().st_mtime > older_than.total_seconds():
                    shutil.rmtree(marker.parent, ignore_errors=True)

    def _find(self, locations: TraceLocations, run_id: str) -> Path | None:
        path = self._path(locations)
        if path is None:
            return None
        for candidate in (path, Path(marked(str(path), run_id))):
            if self._owner(candidate) == run_id:
                return candidate
        return None

    def _path(self, locations: TraceLocations) -> Path | None:
        name = local_name(locations.local) if locations.local is not None else None
        return self.folder / name if name is not None else None

    def _put(self, open_node: Path, path: Path, run_id: str) -> Path:
        """Under `path`, or under the run's own mark where another run has that name."""
        if self._owner(path) == run_id:
            return open_node.replace(path)
        try:
            path.hardlink_to(open_node)  # unlike a rename it never overwrites
        except FileExistsError:
            return open_node.replace(marked(str(path), run_id))
        except OSError:
            if path.exists():
                return open_node.replace(marked(str(path), run_id))
            return open_node.replace(path)  # a file system without links
        return path

    @staticmethod
    def _owner(path: Path) -> str | None:
        """The run whose trace the file is."""
        with _translated():
            try:
                with path.open("rb") as file:
                    return run_of(file.read(128))
            except FileNotFoundError:
                return None

    def _recorded(self, run_id: str) -> int | None:
        folder = self._parts_folder(run_id)
        try:
            return int((folder / _SEALED).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def _parts_folder(self, run_id: str) -> Path:
        return self.folder / _PARTS / safe_name(run_id)

    @staticmethod
    def _make(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)


def _write(content: BinaryIO, file: BinaryIO) -> None:
    """The content as it is, or indented if it is short enough for a person to read."""
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    if size <= _READABLE:
        file.write(pydantic_core.to_json(pydantic_core.from_json(content.read()), indent=2))
    else:
        shutil.copyfileobj(content, file, 256 * 1024)


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise TraceStoreError(f"Traces cannot be kept as files: {error}.", is_passing=True) from error
