"""A project whose workflows ask people, behind an API server."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from httpx import AsyncClient

from tests.support.servers import start_api, start_worker
from tests.support.starting import start
from tests.support.waiting import eventually

PROJECT = Path(__file__).parents[1] / "projects" / "approvals"
SETTINGS = {"OUTPUT_CATALOG_ID": "approvals", "OUTPUT_LINK_SECRET": "a key of links,an older one"}


@pytest.fixture(scope="session")
def approvals_url(stack_folder: Path, engine_address: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The URL of an API server with that worker behind it."""
    project = tmp_path_factory.mktemp("approvals") / "project"  # traces go below it
    shutil.copytree(PROJECT, project)
    settings = {**SETTINGS, "OUTPUT_TRACE_LOCAL_ON": "true"}
    worker = start_worker(stack_folder, engine_address, project, OUTPUT_PUBLIC_URL="http://public.test", **settings)
    server, url = start_api(stack_folder, engine_address, project, **settings)
    yield url
    server.stop()
    worker.kill()


@pytest.fixture
async def people(approvals_url: str) -> AsyncGenerator[AsyncClient]:
    """An HTTP client of that server."""
    async with AsyncClient(base_url=approvals_url, timeout=60) as client:
        yield client


async def link_of(people: AsyncClient, workflow_id: str) -> str:
    """The path of the link that a run has in its query."""

    async def found() -> str | None:
        response = await people.post(f"/workflow/{workflow_id}/query/address")
        return response.json() if response.status_code == 200 else None

    link = await eventually(found, "the link")
    assert link is not None
    assert re.fullmatch(r"http://public\.test/approve/[\w-]{60,}", link)
    return link.removeprefix("http://public.test")


async def asked(people: AsyncClient, title: str, **more: float) -> tuple[str, str]:
    """A run that asks about a title: its workflow ID and its link."""
    ids = await start(people, "Publish", {"title": title, **more})
    return ids.workflow_id, await link_of(people, ids.workflow_id)
