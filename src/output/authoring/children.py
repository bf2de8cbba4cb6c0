"""Children that go on without their parent."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import ParamSpec, TypeVar, overload

from output.authoring.runtime.protocol import ChildRun, current_runtime
from output.authoring.workflow import Runs, Workflow, WorkflowClass
from output.errors import FatalError

P = ParamSpec("P")
R = TypeVar("R")


@overload
def start_child(
    workflow: WorkflowClass[Runs[P, R]], *args: P.args, **kwargs: P.kwargs
) -> Coroutine[None, None, ChildRun]: ...
@overload
def start_child(workflow: Workflow[P, R], *args: P.args, **kwargs: P.kwargs) -> Coroutine[None, None, ChildRun]: ...
def start_child(workflow: Workflow[P, R], *args: P.args, **kwargs: P.kwargs) -> Coroutine[None, None, ChildRun]:
    """Start a workflow that survives this one; returns once it has started, and what comes of it stays its own.

    Raises WorkflowAlreadyStartedError when a run with its workflow ID is open.

    Example:
        @workflow
        async def audit(name: str) -> str:
            return f"audited {name}"

        @workflow
        async def order(name: str) -> str:
            child = await start_child(audit, name)
            return child.workflow_id
    """
    runtime = current_runtime()
    if runtime is None:
        raise FatalError("start_child() belongs in workflow code; elsewhere start a workflow through the API.")
    work = runtime.start_child(workflow.child_call(args, kwargs))
    return runtime.calls.expect(work, f"`start_child({workflow.name}, ...)`")
