"""A client of a real server."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from output.client import Client
from tests.support.made_project import Made


@pytest.fixture
async def client(made: Made) -> AsyncGenerator[Client]:
    """A client of the server with the made project's worker behind it."""
    async with Client(made.url) as client:
        yield client
