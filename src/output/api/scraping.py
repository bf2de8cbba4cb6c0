"""What a scrape of the API server answers: its own counters, the engine's queues and runs, the SDK's metrics."""

from __future__ import annotations

import asyncio
import time

import structlog
from prometheus_client import CollectorRegistry, Gauge

from output.engine.connection import Engine
from output.engine.history.hub import LiveHub
from output.engine.listing import RunFilter, count_runs
from output.engine.queues import list_catalogs, read_queues
from output.errors import OutputError
from output.process.single_flight import SingleFlight
from output.telemetry.metrics import render

log = structlog.get_logger("output.api")
_FRESH = 5.0  # seconds that the engine is not asked again, however many scrape
_PATIENCE = 3.0  # seconds, less than a scraper's: without the engine the rest is answered


class Scraper:
    """Renders the metrics of one API server."""

    def __init__(self, registry: CollectorRegistry, engine: Engine, hub: LiveHub) -> None:
        self._registry, self._engine = registry, engine
        self._asking = SingleFlight[str, bool]()
        self._asked = float("-inf")
        of_queue = ["task_queue", "kind"]
        self._up = Gauge("output_engine_up", "Whether the engine answered.", registry=registry)
        self._depth = Gauge("output_queue_depth", "Tasks that wait for a worker.", of_queue, registry=registry)
        self._age = Gauge("output_queue_age_seconds", "How long the oldest has waited.", of_queue, registry=registry)
        self._pollers = Gauge("output_queue_pollers", "Pollers of the last minutes.", of_queue, registry=registry)
        self._runs = Gauge("output_engine_runs", "Runs that the engine has, by status.", ["status"], registry=registry)
        streams = Gauge("output_streams_open", "Event streams with somebody at the other end.", registry=registry)
        polls = Gauge("output_stream_polls", "Long polls that streams hold at the engine.", registry=registry)
        streams.set_function(lambda: hub.viewers)
        polls.set_function(lambda: hub.polls)

    async def scrape(self) -> bytes:
        """The text of one scrape."""
        if time.monotonic() - self._asked > _FRESH:
            await self._asking.share("engine", self._ask)
        sdk = self._engine.sdk_metrics
        return render(self._registry, *([await sdk.read()] if sdk is not None else []))

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._read_engine()
        except (OutputError, RuntimeError, TimeoutError) as error:
            log.debug("the engine's metrics are missing", reason=str(error))
            self._up.set(0)
            return False
        self._up.set(1)
        self._asked = time.monotonic()
        return True

    async def _read_engine(self) -> None:
        catalogs = set(await list_catalogs(self._engine)) | {self._engine.settings.catalog_id}
        queues, runs = await asyncio.gather(
            read_queues(self._engine, sorted(catalogs)),
            count_runs(self._engine, RunFilter().query(), by_status=True),
        )
        for gauge in (self._depth, self._age, self._pollers, self._runs):
            gauge.clear()
        for queue in queues:
            labels = (queue.task_queue, queue.kind)
            self._depth.labels(*labels).set(queue.depth)
            self._age.labels(*labels).set(queue.age)
            self._pollers.labels(*labels).set(queue.pollers)
        for group in runs.groups:
            self._runs.labels(group.value).inc(group.count)
