"""`output dev`, `worker`, `api`, `check` and `payloads prune`: other processes, which take this one's place."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from output.cli.options import FormatOption

ProjectArgument = Annotated[Path, typer.Argument(metavar="PROJECT", help="The project's folder.", show_default=True)]


def dev(
    project: ProjectArgument = Path(),
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="The API's port (OUTPUT_API_PORT, or 3001).")
    ] = None,
    engine_port: Annotated[int, typer.Option("--engine-port", min=0, max=65535, help="The engine's port.")] = 7233,
    ui_port: Annotated[int, typer.Option("--ui-port", min=0, max=65535, help="The Temporal UI's port.")] = 8233,
    fresh: Annotated[bool, typer.Option("--fresh", help="A new database; the old one is kept beside it.")] = False,
) -> None:
    """Run a project here: engine, worker with reload, and API; Ctrl-C stops all."""
    from output.dev.main import run
    from output.dev.options import DevOptions

    options = DevOptions(project=project, api_port=port, engine_port=engine_port, ui_port=ui_port, fresh=fresh)
    raise typer.Exit(run(options))


def worker(
    project: ProjectArgument = Path(),
    processes: Annotated[int, typer.Option("--processes", metavar="N", min=1, help="Worker processes.")] = 1,
) -> None:
    """Run a project's workflows and steps; Ctrl-C lets running steps finish."""
    _become("output.worker", "--project", str(project), "--processes", str(processes))


def api(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on (OUTPUT_API_HOST).")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on (OUTPUT_API_PORT).")
    ] = None,
) -> None:
    """Serve the HTTP API."""
    hosts = () if host is None else ("--host", host)
    ports = () if port is None else ("--port", str(port))
    _become("output.api", *hosts, *ports)


def check(project: ProjectArgument = Path(), output_format: FormatOption = "text") -> None:
    """Look for faults in a project's workflows, without running them."""
    _become("output.worker.check", str(project), "--format", output_format)


def prune(
    delete: Annotated[bool, typer.Option("--delete", help="Delete them; without it they are only counted.")] = False,
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="TIME", help="Only what was not written for so long.")
    ] = "24h",
    output_format: FormatOption = "text",
) -> None:
    """Find large values in the store that no run names any more (OUTPUT_PAYLOAD_STORE)."""
    deletes = ("--delete",) if delete else ()
    _become("output.operations.prune", *deletes, "--older-than", older_than, "--format", output_format)


def _become(module: str, *arguments: str) -> NoReturn:
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])
