"""The workflow that carries a catalog: it waits for ever and answers older readers' queries."""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import RawValue

from output.engine.catalog import CATALOG_WORKFLOW
from output.engine.payloads.converter import Encoded, payload_json


@workflow.defn(name=CATALOG_WORKFLOW, sandboxed=False)
class CatalogWorkflow:
    """Its input is the catalog; a changed one replaces the run."""

    @workflow.init
    def __init__(self, catalog: RawValue) -> None:
        self._catalog = payload_json(catalog.payload)

    @workflow.run
    async def run(self, catalog: RawValue) -> None:
        """Wait to be replaced."""
        del catalog
        await workflow.wait_condition(lambda: False)

    @workflow.query(name="get")
    def get(self) -> Encoded:
        """The catalog."""
        return Encoded(self._catalog)

    @workflow.query(name="ping")
    def ping(self) -> str:
        """Whether a worker answers."""
        return "pong"
