"""The store that the settings name."""

from __future__ import annotations

from pathlib import Path

from output.config.payload_settings import PayloadSettings
from output.engine.payload_store.directory import DirectoryStore
from output.engine.payload_store.s3 import S3PayloadStore
from output.engine.payload_store.store import PayloadStore


def open_payload_store(settings: PayloadSettings) -> PayloadStore | None:
    """The store, None when it is off; nothing is asked of it yet."""
    place = settings.payload_store
    if place is None:
        return None
    return S3PayloadStore(settings) if place.startswith("s3://") else DirectoryStore(Path(place).absolute())
