"""What tests of the API share."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from temporalio.client import Client
from tests.stack import start_api


@pytest.fixture(scope="session")
async def engine_client(engine_address: str) -> Client:
    """The engine's own client, to make what the API shows."""
    return await Client.connect(engine_address)


@pytest.fixture(scope="session")
async def bare_api_url(stack_folder: Path, engine_address: str) -> AsyncGenerator[str]:
    """The URL of an API server without a worker behind it: all that histories need."""
    process, url = start_api(stack_folder, engine_address)
    yield url
    process.stop()
