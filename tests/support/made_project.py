"""Projects as `output init` makes them, on a real engine behind a real API server."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from output.scaffold.project import make_project
from tests.support.servers import start_api, start_worker

CATALOG = "made"
PROBES = Path(__file__).parents[1] / "projects" / "probes"


@dataclass(frozen=True)
class Made:
    """A project's folder and the API server that its worker is behind."""

    folder: Path
    url: str


@pytest.fixture(scope="session")
def made(stack_folder: Path, engine_address: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Made]:
    """Both templates and the probes in one project, with a worker and an API server of their own."""
    folder = tmp_path_factory.mktemp("made") / "project"
    make_project(folder, template="approval")
    other = make_project(folder.with_name("other"), template="basic")
    for source in (other.folder, PROBES):
        shutil.copytree(source / "workflows", folder / "workflows", dirs_exist_ok=True)
    traces = {"OUTPUT_TRACE_LOCAL_ON": "true", "OUTPUT_CATALOG_ID": CATALOG}
    worker = start_worker(stack_folder, engine_address, folder, **traces)
    server, url = start_api(stack_folder, engine_address, folder, **traces)
    yield Made(folder, url)
    server.stop()
    worker.kill()  # a run that a test left behind may be in a long step; orderly ends are tested elsewhere
