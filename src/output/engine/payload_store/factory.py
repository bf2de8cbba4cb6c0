"""The store that the settings name."""

from __future__ import annotations

from pathlib import Path

from output.config.payload_settings import PayloadSettings
from output.engine.payload_store.directory import DirectoryStore
from output.engine.payload_store.s3 import S3PayloadStore
from output.engine.payload_store.store import PayloadStore


def open_payload_store(settings: PayloadSettings, *, namespace: str) -> PayloadStore | None:
    """The part of the store that belongs to a namespace, None when it is off; nothing is asked of it yet.

    What nobody in a namespace names may be pruned: another's objects must not lie among them.
    """
    place = settings.payload_store
    if place is None:
        return None
    if place.startswith("s3://"):
        return S3PayloadStore(settings, f"{place.rstrip('/')}/{namespace}")
    return DirectoryStore(Path(place).absolute() / namespace)
