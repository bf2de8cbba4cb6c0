"""The pytest plugin: an engine for the session, stand-ins that go away with the test, and a safe way out."""

from __future__ import annotations

import atexit
import logging
import os
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from output.testing.stubbing import StubbedStep


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
    from output.testing.servers import run_dev_server

    with run_dev_server() as address:
        yield address


@pytest.fixture
def output_stub() -> Generator[Callable[..., StubbedStep]]:
    """`output.testing.stub` for the rest of the test: `output_stub(fetch_page, returns=Page(...))`."""
    from output.testing.stubbing import stub

    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(stub(*args, **kwargs))


def _leave() -> None:
    # Registered first, so that it runs last of all exit handlers.
    if "temporalio.bridge.runtime" not in sys.modules:
        return
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_Ending.status)
