"""Whether a worker polls a task queue."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cachetools import LRUCache, TTLCache
from temporalio.api.enums.v1 import TaskQueueType, WorkerStatus
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.worker.v1 import WorkerHeartbeat
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, ListWorkersRequest
from temporalio.service import RPCError, RPCStatusCode

from output.engine.connection import HEARTBEAT_INTERVAL, Engine
from output.engine.rpc_errors import RPC_TIMEOUT, translate_rpc_errors
from output.engine.visibility import quoted
from output.process.single_flight import SingleFlight

_BELIEVED = 0.5  # seconds; a worker that has just left is noticed a moment later
_SILENT_FOR = 2.5  # heartbeat intervals without a word, after which a worker counts as dead
_LIVING = frozenset({WorkerStatus.WORKER_STATUS_UNSPECIFIED, WorkerStatus.WORKER_STATUS_RUNNING})
_NO_SUCH_CALL = frozenset({RPCStatusCode.UNIMPLEMENTED, RPCStatusCode.INVALID_ARGUMENT})


@dataclass(frozen=True)
class _Pulse:
    """A worker's last heartbeat (its clock, ns), and when we first saw it (our clock, s)."""

    heartbeat: int
    seen: float


class WorkerWatch:
    """Watches workers by their heartbeats.

    The engine's own list of pollers keeps a worker that has left for up to five minutes. Heartbeats tell at once
    when a worker stops; one that was killed goes silent, which is seen by looking twice: clocks are not compared.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pulses = LRUCache[str, Mapping[str, _Pulse]](1_000)
        self._polled = TTLCache[str, bool](1_000, _BELIEVED)
        self._looks = SingleFlight[str, bool]()

    async def is_polled(self, task_queue: str) -> bool:
        """Whether some worker takes tasks from the queue, as far as the engine knows.

        All who ask at once share a look, and a yes is believed for a moment.
        """
        if self._polled.get(task_queue):
            return True
        found = await self._looks.share(task_queue, lambda: self._look(task_queue))
        if found:
            self._polled[task_queue] = True
        return found

    async def _look(self, task_queue: str) -> bool:
        heartbeats = await self._list(task_queue)
        living = self._living(task_queue, heartbeats)
        if living:
            return True
        # A worker's first heartbeat comes late, and older SDKs send none: those poll, and are not in the list.
        gone = {heartbeat.worker_identity for heartbeat in heartbeats}
        return any(identity not in gone for identity in await self._pollers(task_queue))

    def _living(self, task_queue: str, heartbeats: Sequence[WorkerHeartbeat]) -> bool:
        now = time.monotonic()
        known = self._pulses.get(task_queue, {})
        pulses: dict[str, _Pulse] = {}
        living = False
        for heartbeat in heartbeats:
            if heartbeat.status not in _LIVING:
                continue
            key, at = heartbeat.worker_instance_key, heartbeat.heartbeat_time.ToNanoseconds()
            before = known.get(key)
            pulse = before if before is not None and before.heartbeat == at else _Pulse(at, now)
            pulses[key] = pulse
            usual = max(heartbeat.elapsed_since_last_heartbeat.ToTimedelta(), HEARTBEAT_INTERVAL)
            living = living or now - pulse.seen < _SILENT_FOR * usual.total_seconds()
        self._pulses[task_queue] = pulses
        return living

    async def _list(self, task_queue: str) -> Sequence[WorkerHeartbeat]:
        request = ListWorkersRequest(
            namespace=self._engine.namespace, page_size=1_000, query=f"TaskQueue={quoted(task_queue)}"
        )
        with translate_rpc_errors():
            try:
                response = await self._engine.client.workflow_service.list_workers(
                    request, retry=True, timeout=RPC_TIMEOUT
                )
            except RPCError as error:
                if error.status not in _NO_SUCH_CALL:
                    raise
                return ()
        return [each.worker_heartbeat for each in response.workers_info]

    async def _pollers(self, task_queue: str) -> Sequence[str]:
        request = DescribeTaskQueueRequest(
            namespace=self._engine.namespace,
            task_queue=TaskQueue(name=task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        with translate_rpc_errors():
            response = await self._engine.client.workflow_service.describe_task_queue(
                request, retry=True, timeout=RPC_TIMEOUT
            )
        return [poller.identity for poller in response.pollers]
