"""The stores that the settings turn on."""

from __future__ import annotations

from pathlib import Path

from output.config.settings import TraceSettings
from output.tracing.stores.local import LocalStore
from output.tracing.stores.s3 import S3Store
from output.tracing.stores.store import TraceStore


def open_stores(settings: TraceSettings, project: Path) -> list[TraceStore]:
    """The remote store first, if both are on."""
    stores: list[TraceStore] = []
    if settings.trace_remote:
        stores.append(S3Store(settings))
    if settings.trace_local:
        stores.append(LocalStore(project))
    return stores
