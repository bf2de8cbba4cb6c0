"""`python -m output.dev`."""

from __future__ import annotations

import argparse
from pathlib import Path

from output.dev.main import run
from output.dev.options import DevOptions
from output.process.exit import leave


def main() -> None:
    """Parse the command line, run, leave."""
    parser = argparse.ArgumentParser(prog="output dev", description="Run a project: engine, worker with reload, API.")
    parser.add_argument("project", nargs="?", type=Path, default=Path(), help="the project's folder (default: here)")
    parser.add_argument("--port", type=int, help="the API's port (default: OUTPUT_API_PORT, or 3001); 0 for any")
    parser.add_argument("--engine-port", type=int, default=7233, help="the engine's port (default: 7233)")
    parser.add_argument("--ui-port", type=int, default=8233, help="the Temporal UI's port (default: 8233)")
    parser.add_argument("--fresh", action="store_true", help="a new database; the old one is kept beside it")
    try:
        given = parser.parse_args()
    except SystemExit as stop:
        leave(int(stop.code or 0))
    options = DevOptions(
        project=given.project,
        api_port=given.port,
        engine_port=given.engine_port,
        ui_port=given.ui_port,
        fresh=given.fresh,
    )
    leave(run(options))


if __name__ == "__main__":
    main()
