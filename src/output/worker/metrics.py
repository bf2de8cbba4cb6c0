"""A worker's metrics: counted from what hooks are told, served on a port of their own."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext

from output.config.settings import WorkerSettings
from output.engine.connection import Engine
from output.telemetry.metrics import open_registry, render
from output.telemetry.metrics_server import serve_metrics
from output.worker.execution.hooks import Hooks
from output.worker.execution.metrics import CountingHooks


class WorkerMetrics:
    """One worker process's registry."""

    def __init__(self, engine: Engine) -> None:
        self.registry = open_registry()
        self._sdk = engine.sdk_metrics

    def counting(self, hooks: Hooks) -> CountingHooks:
        """Hooks that count what they are told before they pass it on."""
        return CountingHooks(hooks, self.registry)

    async def scrape(self) -> bytes:
        """The text of one scrape."""
        return render(self.registry, *([await self._sdk.read()] if self._sdk is not None else []))


def serve_worker_metrics(
    settings: WorkerSettings, metrics: WorkerMetrics | None
) -> AbstractAsyncContextManager[int | None]:
    """Serve them while the context lasts; gives the port, None without metrics. Raises MetricsPortError."""
    if metrics is None:
        return nullcontext()
    return serve_metrics(settings.metrics_listen_host, settings.metrics_port, metrics.scrape)
