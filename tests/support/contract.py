"""The project of the HTTP contract, and what tests of the API share."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import pytest
from temporalio.client import Client

from tests.support.histories import connect_to
from tests.support.servers import start_api, start_worker

CONTRACT = Path(__file__).parents[1] / "projects" / "contract"
CATALOG = "contract"


@pytest.fixture(scope="session")
async def engine_client(engine_address: str) -> Client:
    """The engine's own client, to make what the API shows."""
    return await connect_to(engine_address)


@pytest.fixture(scope="session")
async def bare_api_url(stack_folder: Path, engine_address: str) -> AsyncGenerator[str]:
    """The URL of an API server without a worker behind it: all that histories need."""
    process, url = start_api(stack_folder, engine_address)
    yield url
    process.stop()


@pytest.fixture(scope="session")
def contract_worker(stack_folder: Path, engine_address: str) -> Generator[None]:
    """A worker of the contract's project on the shared engine."""
    process = start_worker(stack_folder, engine_address, CONTRACT, OUTPUT_CATALOG_ID=CATALOG)
    yield
    process.stop()


@pytest.fixture(scope="session")
def contract_url(stack_folder: Path, engine_address: str, contract_worker: None) -> Generator[str]:
    """The URL of an API server in development, with the contract's worker behind it."""
    process, url = start_api(stack_folder, engine_address, OUTPUT_CATALOG_ID=CATALOG)
    yield url
    process.stop()


@pytest.fixture
async def contract(contract_url: str) -> AsyncGenerator[httpx.AsyncClient]:
    """An HTTP client of that server."""
    async with httpx.AsyncClient(base_url=contract_url, timeout=60) as client:
        yield client
