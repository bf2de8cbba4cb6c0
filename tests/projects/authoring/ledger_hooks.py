"""Writes down what happens, into the file that the run's environment names."""

import os
from pathlib import Path

from output import (
    Emitted,
    StepEnded,
    WorkerStarting,
    WorkflowEnded,
    before_worker_start,
    on,
    on_step_end,
    on_workflow_end,
)


def write(line: str) -> None:
    path = os.environ.get("LEDGER")
    if path:
        with Path(path).open("a") as ledger:
            ledger.write(f"{line}\n")


@before_worker_start
def starting(event: WorkerStarting) -> None:
    write(f"worker {event.catalog} {','.join(event.workflows)}")


@on_workflow_end
def ended(event: WorkflowEnded) -> None:
    write(f"{event.workflow} {event.status}")


@on_step_end
async def step_ended(event: StepEnded) -> None:
    write(f"step {event.step}")


@on("packed")
def packed(event: Emitted) -> None:
    write(f"packed {event.payload}")
