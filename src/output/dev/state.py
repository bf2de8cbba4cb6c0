"""The folder `.output/` of a project: the engine's database, who wrote it, and who is using it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

from output.dev.errors import DevError

_VERSION = re.compile(r"Server (\d+\.\d+\.\d+)")
_PARTS = ("", "-wal", "-shm")


@dataclass(frozen=True)
class StateFolder:
    """Paths in `.output/`."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "engine.db"

    @property
    def _facts(self) -> Path:
        return self.path / "engine.json"

    @contextmanager
    def claim(self) -> Generator[None]:
        """Keep it for this process, made if need be; raises DevError when another `output dev` has it."""
        try:
            self.path.mkdir(mode=0o700, exist_ok=True)
            self.path.chmod(0o700)  # inputs and results lie in the engine's database
            (self.path / ".gitignore").write_text("*\n")
            lock = (self.path / "dev.lock").open("a+")
        except OSError as error:
            raise DevError(f"{self.path} cannot be written: {error.strerror}.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                raise DevError(
                    f"`output dev` is running for this project already (process {lock.read().strip() or 'unknown'}); "
                    "stop that one first."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def prepare_database(self, binary: Path, *, fresh: bool) -> str | None:
        """See that this server can use the database; returns what there is to tell.

        Raises: DevError when a server of another version wrote it. It is never deleted: `fresh` sets it aside.
        """
        known = self._read_facts()
        server = _Server.of(binary, known)
        told = self._set_aside(known) if fresh and self.database.exists() else None
        if self.database.exists() and known is not None and not server.reads(known):
            raise DevError(
                f"{self.database} was written by Temporal server {known.version}, and this one is {server.version}. "
                "`output dev --fresh` starts a new database and keeps the old one beside it; "
                "OUTPUT_TEMPORAL_CLI names another server."
            )
        self._facts.write_text(json.dumps(asdict(server)))
        return told

    def _set_aside(self, known: _Server | None) -> str:
        stem = f"engine-{known.version if known else 'unknown'}"
        number = 1
        while (kept := self.path / f"{stem}-{number}.db").exists():
            number += 1
        for part in _PARTS:
            file = Path(f"{self.database}{part}")
            if file.exists():
                file.rename(f"{kept}{part}")
        return f"A fresh database; the old one is kept as {kept}."

    def _read_facts(self) -> _Server | None:
        try:
            facts = cast("dict[str, str | int]", json.loads(self._facts.read_text()))
            return _Server(str(facts["version"]), str(facts["binary"]), int(facts["size"]), int(facts["changed"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True)
class _Server:
    """A server's version, and the binary that said so: its size in bytes and when it changed, in ns."""

    version: str
    binary: str
    size: int
    changed: int

    @classmethod
    def of(cls, binary: Path, known: _Server | None) -> _Server:
        """The binary's version; it is asked only when it is not the known one, for that takes a fifth of a second."""
        facts = binary.stat()
        version = known.version if known is not None else ""
        unasked = cls(version, str(binary), facts.st_size, facts.st_mtime_ns)
        return unasked if unasked == known else replace(unasked, version=_ask_version(binary))

    def reads(self, other: _Server) -> bool:
        """Whether it may use a database of the other; patch releases keep the tables as they are."""
        return self.version.split(".")[:2] == other.version.split(".")[:2]


def _ask_version(binary: Path) -> str:
    try:
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DevError(f"{binary} does not run: {error}. Name another server with OUTPUT_TEMPORAL_CLI.") from error
    found = _VERSION.search(said)
    if found is None:
        raise DevError(f"{binary} is no Temporal server: `--version` says {said.strip()[:80]!r}.")
    return found[1]
