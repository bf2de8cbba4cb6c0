"""The catalog in the engine: a long-running workflow with the catalog as its input."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue, ValidationError
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy

from output.engine.connection import Engine
from output.engine.descriptions import describe_any
from output.engine.event_log import read_start
from output.engine.payloads.converter import Encoded, load_json, payload_json
from output.engine.payloads.limits import MAX_PAYLOAD_BYTES
from output.engine.rpc_errors import translate_rpc_errors
from output.errors import CatalogNotAvailableError, PayloadTooLargeError, WorkflowNotFoundError
from output.models.catalog import PublishedCatalog, PublishedWorkflow
from output.models.references import RunRef
from output.process.single_flight import SingleFlight

CATALOG_WORKFLOW = "$catalog"
FRESH_FOR = 1.0  # seconds; a describe of the catalog's memo takes 2 to 3 ms


@dataclass(frozen=True)
class CatalogVersion:
    """A catalog as one worker published it."""

    catalog: PublishedCatalog
    run_id: str
    by_name: Mapping[str, PublishedWorkflow]


async def publish(engine: Engine, catalog: PublishedCatalog) -> bool:
    """Make a catalog the current one; False when it already is. Safe under concurrent starts.

    Raises PayloadTooLargeError when it is over the engine's limit for one value.
    """
    data = catalog.model_dump_json(by_alias=True).encode()
    if len(data) > MAX_PAYLOAD_BYTES:
        raise PayloadTooLargeError(
            f"The catalog has {len(data)} bytes, the engine takes {MAX_PAYLOAD_BYTES}; "
            "split the project into several catalogs (`OUTPUT_CATALOG_ID`).",
            limit=MAX_PAYLOAD_BYTES,
            size=len(data),
        )
    digest = _digest(data)
    catalog_id = engine.settings.catalog_id
    if await _published_digest(engine, catalog_id) == digest:
        return False
    memo: dict[str, JsonValue] = {"workflowNames": [entry.name for entry in catalog.workflows], "hash": digest}
    with translate_rpc_errors(RunRef(catalog_id)):
        await engine.client.start_workflow(
            CATALOG_WORKFLOW,
            Encoded(data),
            id=catalog_id,
            task_queue=catalog_id,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
            memo=memo,
        )
    return True


async def is_published(engine: Engine, catalog: PublishedCatalog) -> bool:
    """Whether a catalog is the current one: another worker may have published its own meanwhile."""
    digest = _digest(catalog.model_dump_json(by_alias=True).encode())
    return await _published_digest(engine, engine.settings.catalog_id) == digest


class CatalogReader:
    """Reads catalogs and keeps them: while one is fresh, or does not change, no reader waits for the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._versions: dict[str, CatalogVersion] = {}
        self._checked: dict[str, float] = {}
        self._flight = SingleFlight[str, CatalogVersion]()

    async def read(self, catalog_id: str) -> CatalogVersion:
        """The catalog as it is now, at most `FRESH_FOR` old.

        Raises CatalogNotAvailableError (this server's own catalog), WorkflowNotFoundError (another).
        """
        if catalog_id in self._versions and self._is_fresh(catalog_id):
            return self._versions[catalog_id]
        return await self.refresh(catalog_id)

    async def read_known(self, catalog_id: str) -> CatalogVersion:
        """The catalog as it was last seen; one that is no longer fresh is refreshed behind the answer."""
        version = self._versions.get(catalog_id)
        if version is None:
            return await self.refresh(catalog_id)
        if not self._is_fresh(catalog_id):
            self._flight.begin(catalog_id, lambda: self._fetch(catalog_id))
        return version

    async def refresh(self, catalog_id: str) -> CatalogVersion:
        """Ask the engine now, once for all who ask at the same time."""
        return await self._flight.share(catalog_id, lambda: self._fetch(catalog_id))

    def _is_fresh(self, catalog_id: str) -> bool:
        return time.monotonic() - self._checked.get(catalog_id, float("-inf")) < FRESH_FOR

    async def _fetch(self, catalog_id: str) -> CatalogVersion:
        try:
            info = (await describe_any(self._engine, RunRef(catalog_id))).workflow_execution_info
        except WorkflowNotFoundError:
            raise self._missing(catalog_id) from None
        if info.type.name != CATALOG_WORKFLOW:
            raise self._missing(catalog_id)
        run_id = info.execution.run_id
        known = self._versions.get(catalog_id)
        if known is None or known.run_id != run_id:
            known = await _read_version(self._engine, RunRef(catalog_id, run_id))
            self._versions[catalog_id] = known
        self._checked[catalog_id] = time.monotonic()
        return known

    def _missing(self, catalog_id: str) -> CatalogNotAvailableError | WorkflowNotFoundError:
        if catalog_id == self._engine.settings.catalog_id:
            return CatalogNotAvailableError(catalog_id)
        return WorkflowNotFoundError.no_catalog(catalog_id)


async def _read_version(engine: Engine, run: RunRef) -> CatalogVersion:
    started = await read_start(engine, run)
    try:
        catalog = PublishedCatalog.model_validate_json(payload_json(started.input.payloads[0]))
    except (ValidationError, ValueError, IndexError) as error:
        raise CatalogNotAvailableError(run.workflow_id) from error
    by_name: dict[str, PublishedWorkflow] = {}
    for entry in catalog.workflows:
        by_name.update(dict.fromkeys((entry.name, *entry.aliases), entry))
    return CatalogVersion(catalog, cast("str", run.run_id), by_name)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def _published_digest(engine: Engine, catalog_id: str) -> str | None:
    """The hash of the catalog that is running, None where there is none."""
    try:
        info = (await describe_any(engine, RunRef(catalog_id))).workflow_execution_info
    except WorkflowNotFoundError:
        return None
    payload = info.memo.fields.get("hash")
    if info.status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING or payload is None:
        return None
    try:
        value = load_json(payload_json(payload))
    except ValueError:  # encrypted with a key that this worker has not: published anew with its own
        return None
    return value if isinstance(value, str) else None
