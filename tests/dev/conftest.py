"""Projects to run, and `output dev` on them."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Protocol

import pytest

from tests.support.dev_terminal import Dev

STEPS = """\
from datetime import timedelta
from pathlib import Path
from output import Retry, step

@step(heartbeat_timeout=timedelta(seconds=3), retry=Retry(initial_interval=timedelta(seconds=1)))
async def wait_for_file(name: str) -> str:
    import asyncio
    while not Path(name).exists():
        await asyncio.sleep(0.05)
    return "old"
"""
WORKFLOW = """\
from output import workflow
from .steps import wait_for_file

@workflow
async def waiter(name: str) -> str:
    return await wait_for_file(name)
"""


class StartDev(Protocol):
    """Starts `output dev`; what it started ends with the test."""

    def __call__(self, project: Path, *options: str, **variables: str) -> Dev: ...


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one workflow whose step waits until a file is there."""
    root = tmp_path / "project"
    folder = root / "workflows" / "waiter"
    folder.mkdir(parents=True)
    (folder / "steps.py").write_text(STEPS)
    (folder / "workflow.py").write_text(WORKFLOW)
    return root


@pytest.fixture
def start_dev() -> Generator[StartDev]:
    """See `StartDev`."""
    running: list[Dev] = []

    def start(project: Path, *options: str, **variables: str) -> Dev:
        running.append(Dev(project, *options, **variables))
        return running[-1]

    yield start
    for dev in running:
        dev.close()
