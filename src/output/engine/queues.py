"""How much waits in the task queues of the catalogs, and who takes from them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, ListWorkflowExecutionsRequest

from output.engine.connection import Engine
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors

_MOST_CATALOGS = 50
_CATALOGS = "WorkflowType = '$catalog' AND ExecutionStatus = 'Running'"
QueueKind = Literal["workflow", "step"]
_TYPES: dict[QueueKind, TaskQueueType.ValueType] = {
    "workflow": TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    "step": TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
}


@dataclass(frozen=True)
class QueueState:
    """One queue at a moment; `age` is how long its oldest task has waited, seconds."""

    task_queue: str
    kind: QueueKind
    depth: int
    age: float
    pollers: int


async def list_catalogs(engine: Engine) -> list[str]:
    """The IDs of the catalogs that are published, which are names of task queues; the first fifty."""
    request = ListWorkflowExecutionsRequest(namespace=engine.namespace, page_size=_MOST_CATALOGS, query=_CATALOGS)
    with translate_rpc_errors():
        response = await engine.client.workflow_service.list_workflow_executions(
            request, retry=True, timeout=RPC_TIMEOUT
        )
    return [each.execution.workflow_id for each in response.executions]


async def read_queues(engine: Engine, task_queues: list[str]) -> list[QueueState]:
    """Workflow tasks and steps of each queue."""
    return await asyncio.gather(*(_read(engine, queue, kind) for queue in task_queues for kind in _TYPES))


async def _read(engine: Engine, task_queue: str, kind: QueueKind) -> QueueState:
    request = DescribeTaskQueueRequest(
        namespace=engine.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=_TYPES[kind],
        report_stats=True,
    )
    with translate_rpc_errors():
        response = await engine.client.workflow_service.describe_task_queue(request, retry=True, timeout=RPC_TIMEOUT)
    stats = response.stats
    age = stats.approximate_backlog_age.ToTimedelta().total_seconds()
    return QueueState(task_queue, kind, stats.approximate_backlog_count, age, len(response.pollers))
