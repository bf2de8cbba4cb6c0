"""Large values as files: for development, and for disks that API and workers share."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from output.engine.payload_store.store import PayloadMissingError, PayloadStoreError, StoredObject, is_digest


class DirectoryStore:
    """A folder; made when the first value comes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def place(self) -> str:
        return str(self._root)

    def put(self, digest: str, parts: Sequence[bytes]) -> None:
        target = self._path(digest)
        with _translated():
            try:
                os.utime(target)
            except FileNotFoundError:
                self._write(target, parts)

    def _write(self, target: Path, parts: Sequence[bytes]) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
            try:
                for part in parts:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())  # history is about to name it
                Path(file.name).replace(target)
            except BaseException:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise

    def get(self, digest: str) -> bytes:
        try:
            with _translated():
                return self._path(digest).read_bytes()
        except PayloadStoreError as error:
            if isinstance(error.__cause__, FileNotFoundError) and self._root.is_dir():
                raise PayloadMissingError(digest, self.place) from None
            raise

    def list_objects(self) -> Iterator[StoredObject]:
        with _translated():
            for path in self._root.glob("??/*"):
                if not is_digest(path.name):
                    continue
                with suppress(FileNotFoundError):  # pruned by somebody else meanwhile
                    facts = path.stat()
                    yield StoredObject(path.name, facts.st_size, facts.st_mtime)

    def delete(self, digest: str) -> None:
        with _translated():
            self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        if not is_digest(digest):
            raise PayloadStoreError(f"{digest!r} is no digest of an object", is_passing=False)
        return self._root / digest[:2] / digest


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise PayloadStoreError(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")) from error
