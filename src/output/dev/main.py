"""`output dev`: engine, worker and API as children of one process, started together and stopped in order."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from output.config.light import EnvFileError, read_dev_variables, wants_colour
from output.dev.environment import ProjectEnvironment
from output.dev.errors import DevError
from output.dev.options import DevOptions
from output.dev.plan import make_plan
from output.dev.session import Session
from output.dev.state import StateFolder
from output.process.readiness import announce
from output.supervision.child import ChildContext
from output.supervision.errors import CrashLoopError
from output.supervision.log_stream import Console
from output.supervision.parent_death import Watchdog


def run(options: DevOptions) -> int:
    """Run a project until Ctrl-C; the exit code is 0 after an orderly stop, 1 for a fault, 130 after a second Ctrl-C.

    Call it from the main thread, and leave the process afterwards through `output.process.exit.leave`.
    """
    started = time.monotonic()
    console = Console(sys.stdout, colour=wants_colour(sys.stdout))
    try:
        return asyncio.run(_run(options, console, started=started))
    except (DevError, CrashLoopError, EnvFileError) as error:
        if isinstance(error, CrashLoopError):
            for line in error.last_lines[-10:]:
                console.line(error.source, line)
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        return 1


async def _run(options: DevOptions, console: Console, *, started: float) -> int:
    project = _find_folder(options.project)
    environment = ProjectEnvironment(project, console.say)
    variables = read_dev_variables(environment.current)
    state = StateFolder(project / ".output")
    with state.claim(), Watchdog() as watchdog:
        plan = make_plan(options, project, environment, variables, state)
        for line in plan.remarks:
            console.say(line)
        session = Session(plan, environment, ChildContext(console, watchdog), started=started)
        descriptor = variables.ready_descriptor
        return await session.run(
            on_ready=lambda facts: announce(int(descriptor) if descriptor is not None else None, facts)
        )


def _find_folder(project: Path) -> Path:
    folder = project.resolve()
    if not folder.is_dir():
        raise DevError(f"There is no folder {project}; `output init` makes a project.")
    return folder
