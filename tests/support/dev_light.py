"""`output dev` with stand-ins for its children: `dev_light.py FOLDER PORT`."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from output.dev.commands import Stack
from output.dev.environment import ProjectEnvironment
from output.dev.plan import Plan
from output.dev.session import Session
from output.process.readiness import announce
from output.supervision.child import ChildContext, Command
from output.supervision.errors import CrashLoopError
from output.supervision.log_stream import Console, Source
from output.supervision.parent_death import Watchdog

CHILDREN = Path(__file__).with_name("dev_children.py")


async def main(folder: Path, port: int) -> int:
    """A session of stand-ins, as `output.dev.main` makes one of the real ones."""
    environment = {**os.environ, "OUTPUT_API_PORT": str(port)}

    def command(role: Source) -> Command:
        words = (sys.executable, "-S", str(CHILDREN), role, str(folder))
        return Command(role, words, folder, environment, announces=role != "engine")

    stack = Stack(folder, "localhost", port, "127.0.0.1:1", ui_port=2)
    plan = Plan(stack, command("engine"), lambda: command("worker"), lambda: command("api"), remarks=())
    descriptor = int(environment.pop("OUTPUT_READY_FD"))
    with Watchdog() as watchdog:
        context = ChildContext(Console(sys.stdout, colour=False), watchdog)
        session = Session(plan, ProjectEnvironment(folder, context.console.say), context, started=time.monotonic())
        return await session.run(on_ready=lambda facts: announce(descriptor, facts))


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]))))
    except CrashLoopError as error:
        sys.exit(f"{error}\n{error.last_lines}")
