"""The console's pages in a real browser, on the real stack."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import open_browser
from tests.support.servers import start_api, start_worker

if TYPE_CHECKING:
    from playwright.async_api import Browser

PROJECT = Path(__file__).parents[1] / "projects" / "forms"
CATALOG = "forms"
VARIABLES = {"OUTPUT_CATALOG_ID": CATALOG, "OUTPUT_TRACE_LOCAL_ON": "true"}


@pytest.fixture(scope="session")
def forms_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, in which traces may lie."""
    folder = tmp_path_factory.mktemp("forms") / "project"
    shutil.copytree(PROJECT, folder)
    return folder


@pytest.fixture(scope="session")
def forms_worker(stack_folder: Path, engine_address: str, forms_project: Path) -> Generator[None]:
    """A worker of workflows that are started from forms."""
    process = start_worker(stack_folder, engine_address, forms_project, **VARIABLES)
    yield
    process.stop()


@pytest.fixture(scope="session")
def console_url(stack_folder: Path, engine_address: str, forms_project: Path, forms_worker: None) -> Generator[str]:
    """Where the console is; it ends with a slash."""
    process, url = start_api(stack_folder, engine_address, forms_project, **VARIABLES)
    yield f"{url}/console/"
    process.stop()


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """A real Chromium; tests are skipped where there is none."""
    async with open_browser() as found:
        yield found
