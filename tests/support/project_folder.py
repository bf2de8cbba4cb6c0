"""Projects written for one test, and what importing them leaves behind."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Generator
from pathlib import Path

import pytest

from output.worker.project.layout import Project, find_project


class ProjectFolder:
    """A project on disk, written file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))
        return file

    def find(self) -> Project:
        return find_project(self.root)


@pytest.fixture
def folder(tmp_path: Path) -> Generator[ProjectFolder]:
    """An empty project folder; modules imported from it are gone after the test."""
    before, path = set(sys.modules), list(sys.path)
    yield ProjectFolder(tmp_path)
    sys.path[:] = path
    stale: list[str] = []
    for name in set(sys.modules) - before:
        spec = sys.modules[name].__spec__
        places = [] if spec is None else [spec.origin or "", *(spec.submodule_search_locations or ())]
        if any(place.startswith(str(tmp_path)) for place in places):
            stale.append(name)
    for name in stale:
        del sys.modules[name]
