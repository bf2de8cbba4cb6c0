"""`Idempotency-Key`: one key with one body starts one run, however often and to whichever server it is sent.

The engine is the arbiter, and a run's memo the record: there is no store of ours that could be lost or lag behind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue

from output.engine import runs
from output.engine.connection import Engine
from output.engine.descriptions import describe, read_memo
from output.engine.runs import NewRun
from output.errors import IdempotencyKeyReusedError, WorkflowAlreadyStartedError, WorkflowNotFoundError
from output.models.references import RunRef
from output.models.runs import StartRequest
from output.operations.services import Services

_MEMO = "idempotency"


@dataclass(frozen=True)
class IdempotentRequest:
    """Digests of a key, in its catalog, and of the body that it came with."""

    key: str
    body: str

    @property
    def workflow_id(self) -> str:
        """Where the caller names none: the same for the same key, so that no two runs can have it."""
        return f"idempotent-{self.key[:40]}"

    @property
    def memo(self) -> Mapping[str, JsonValue]:
        """What a run remembers of it."""
        return {_MEMO: {"key": self.key, "body": self.body}}


@dataclass(frozen=True)
class Started:
    """A run, and whether an earlier request with the same key had started it."""

    run: RunRef
    is_replay: bool = False


def idempotent_request(key: str, request: StartRequest, *, catalog_id: str) -> IdempotentRequest:
    """A request's digests: of its fields as they were sent, in whatever order."""
    sent = request.model_dump(mode="json", by_alias=True, exclude_unset=True)
    body = json.dumps(sent, sort_keys=True, separators=(",", ":"))
    return IdempotentRequest(_digest(f"{catalog_id}\n{key}"), _digest(body))


async def start_once(services: Services, new: NewRun, wanted: IdempotentRequest, *, has_own_id: bool) -> Started:
    """Start the run, or find the one that an earlier request with this key has started.

    Raises IdempotencyKeyReusedError where that request had another body, and what `runs.start` raises.
    """
    new = replace(new, memo={**new.memo, **wanted.memo})
    lock = services.idempotency_locks.of(wanted.key)
    async with lock:
        if not has_own_id:
            return await _start_or_find(services.engine, replace(new, reuse_policy="reject"), wanted)
        try:
            found = await _find(services.engine, new.workflow_id, wanted)
        except WorkflowNotFoundError:
            # Nobody has had this ID: only who comes first gets it, even if that run ends at once.
            return await _start_first(services.engine, new, wanted)
        return found or await _start_or_find(services.engine, new, wanted)


async def _start_first(engine: Engine, new: NewRun, wanted: IdempotentRequest) -> Started:
    try:
        return await _start_or_find(engine, replace(new, reuse_policy="reject", conflict_policy="fail"), wanted)
    except WorkflowAlreadyStartedError:
        return await _start_or_find(engine, new, wanted)  # another request's run came in between


async def _start_or_find(engine: Engine, new: NewRun, wanted: IdempotentRequest) -> Started:
    try:
        return Started(await runs.start(engine, new))
    except WorkflowAlreadyStartedError:
        found = await _find(engine, new.workflow_id, wanted)
        if found is None:
            raise
        return found


async def _find(engine: Engine, workflow_id: str, wanted: IdempotentRequest) -> Started | None:
    """The run that the key has started; None where the ID's latest execution is another request's."""
    info = (await describe(engine, RunRef(workflow_id))).workflow_execution_info
    known = await read_memo(engine, info, _MEMO)
    if not isinstance(known, Mapping):
        return None
    if known.get("key") != wanted.key:
        return None
    run = RunRef(workflow_id, info.first_run_id or info.execution.run_id)
    if known.get("body") != wanted.body:
        raise IdempotencyKeyReusedError(run)
    return Started(run, is_replay=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
