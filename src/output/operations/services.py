"""What operations work with: the engine, the catalogs, and what a deployment has decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from output.engine.catalog import CatalogReader
from output.engine.connection import Engine
from output.engine.workers import WorkerWatch
from output.operations.approval_tokens import ApprovalTokens
from output.operations.schema_check import InputChecker
from output.operations.start_queue import StartQueue
from output.process.keyed_locks import KeyedLocks
from output.tracing.locations import TraceTarget


@dataclass(frozen=True, kw_only=True)
class Services:
    """One set for each process that serves operations; `catalog_id` is meant where a caller names none."""

    engine: Engine
    catalogs: CatalogReader
    inputs: InputChecker
    workers: WorkerWatch
    trace_target: TraceTarget
    approvals: ApprovalTokens
    webhooks_are_signed: bool | None  # None: they need not be
    catalog_id: str
    execution_timeout: timedelta | None
    max_waiting: timedelta
    starts: StartQueue = field(default_factory=StartQueue)
    idempotency_locks: KeyedLocks = field(default_factory=KeyedLocks)
