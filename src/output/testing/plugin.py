"""The pytest plugin: an engine for the session, stand-ins that go away with the test, and a safe way out."""

from __future__ import annotations

import atexit
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from output.testing.stubbing import StubbedStep

_READY_SECONDS = 60.0


class _Ending:
    """How the session ended, for the way out."""

    status = 0


def pytest_configure(config: pytest.Config) -> None:
    """Leave past the interpreter's finalization, in which the engine's SDK may abort."""
    del config
    atexit.register(_leave)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember how it ended."""
    del session
    _Ending.status = int(exitstatus)


@pytest.fixture(scope="session")
def output_engine() -> Generator[str]:
    """The address of a real engine for this session, for `start_environment(address=output_engine)`."""
    from output.engine.dev_server import command, find_binary
    from output.testing.servers import ServerNotInstalledError

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


@pytest.fixture
def output_stub() -> Generator[Callable[..., StubbedStep]]:
    """`output.testing.stub` for the rest of the test: `output_stub(fetch_page, returns=Page(...))`."""
    from output.testing.stubbing import stub

    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(stub(*args, **kwargs))


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


def _leave() -> None:
    # Registered first, so that it runs last of all exit handlers.
    if "temporalio.bridge.runtime" not in sys.modules:
        return
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_Ending.status)
