"""What the three children are, and what they are told."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from output.dev import dev_server
from output.supervision.child import Command

# With replay of every task a workflow that is not deterministic shows at once; the cache would hide it.
# A step of some minutes survives reloads: the old worker ends it, while the new one takes all that is new.
_DEFAULTS = {
    "OUTPUT_TRACE_LOCAL_ON": "true",
    "OUTPUT_WORKER_SHUTDOWN_GRACE": "10m",
    "TEMPORAL_MAX_CACHED_WORKFLOWS": "0",
    "PYTHONUNBUFFERED": "1",
}
_OF_A_REMOTE_ENGINE = ("TEMPORAL_API_KEY", "TEMPORAL_TLS", "TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE")


@dataclass(frozen=True)
class Stack:
    """Where everything is: addresses and ports of this machine; `ui_port=None` is an engine that we did not start."""

    project: Path
    api_host: str
    api_port: int
    engine_address: str
    ui_port: int | None
    has_console: bool = True

    @property
    def api_url(self) -> str:
        return f"http://{self.api_host}:{self.api_port}"

    @property
    def console_url(self) -> str | None:
        return f"{self.api_url}/console/" if self.has_console else None

    @property
    def ui_url(self) -> str | None:
        return None if self.ui_port is None else f"http://localhost:{self.ui_port}"


def engine_command(
    stack: Stack, environment: Mapping[str, str], *, binary: Path, database: Path, namespace: str
) -> Command:
    """The Temporal server with its durable database."""
    port = int(stack.engine_address.rpartition(":")[2])
    # Started in the database's folder with its bare name: the server reads the name as a URI, in which `#` and `?` of
    # a project's path would be its end and `%2F` a slash.
    name = Path(database.name)
    words = dev_server.command(binary, port=port, database=name, namespace=namespace, ui_port=stack.ui_port)
    return Command("engine", tuple(words), database.parent, environment, announces=False)


def worker_command(stack: Stack, environment: Mapping[str, str]) -> Command:
    """One worker of the project."""
    words = (sys.executable, "-P", "-m", "output.worker", "--project", str(stack.project))
    return Command("worker", words, stack.project, _child_environment(stack, environment))


def api_command(stack: Stack, environment: Mapping[str, str]) -> Command:
    """The API server."""
    # -P: a file of the project must not stand in for a module that the server imports.
    words = (sys.executable, "-P", "-m", "output.api")
    return Command("api", words, stack.project, _child_environment(stack, environment))


def _child_environment(stack: Stack, environment: Mapping[str, str]) -> dict[str, str]:
    given = {name: value for name, value in environment.items() if value}
    if stack.ui_port is not None:
        given = {name: value for name, value in given.items() if not name.startswith(_OF_A_REMOTE_ENGINE)}
    # An engine that is not ours may have workers on other machines, which would not find what lies here.
    store = {"OUTPUT_PAYLOAD_STORE": str(stack.project / ".output/payloads")} if stack.ui_port is not None else {}
    return {
        **_DEFAULTS,
        **store,
        "OUTPUT_PUBLIC_URL": f"http://localhost:{stack.api_port}",
        **given,
        "TEMPORAL_ADDRESS": stack.engine_address,
        "OUTPUT_API_PORT": str(stack.api_port),
    }
