"""What all tests share: one engine, one worker and one API server for each test process."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import pytest

from tests.support.approvals import approvals_url, people
from tests.support.contract import bare_api_url, contract, contract_url, contract_worker, engine_client
from tests.support.made_project import made
from tests.support.processes import processes
from tests.support.project_folder import folder
from tests.support.s3 import door, s3_port
from tests.support.servers import start_api, start_engine, start_worker
from tests.support.traced_project import shared_stack, stack, traced

__all__ = [
    "approvals_url",
    "bare_api_url",
    "contract",
    "contract_url",
    "contract_worker",
    "door",
    "engine_client",
    "folder",
    "made",
    "people",
    "processes",
    "s3_port",
    "shared_stack",
    "stack",
    "traced",
]


@pytest.fixture(scope="session")
def stack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the logs of the shared processes lie."""
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="session")
def engine_address(stack_folder: Path) -> Generator[str]:
    """The address of a real engine that only this test process uses."""
    process, address = start_engine(stack_folder)
    yield address
    process.kill()


@pytest.fixture(scope="session")
def sample_worker(stack_folder: Path, engine_address: str) -> Generator[None]:
    """A worker of the sample project (`tests/projects/sample`)."""
    process = start_worker(stack_folder, engine_address)
    yield
    process.stop()


@pytest.fixture(scope="session")
def api_url(stack_folder: Path, engine_address: str, sample_worker: None) -> Generator[str]:
    """The URL of an API server with the sample project's worker behind it."""
    process, url = start_api(stack_folder, engine_address)
    yield url
    process.stop()


@pytest.fixture
async def api(api_url: str) -> AsyncGenerator[httpx.AsyncClient]:
    """An HTTP client of the shared API server."""
    async with httpx.AsyncClient(base_url=api_url, timeout=60) as client:
        yield client
