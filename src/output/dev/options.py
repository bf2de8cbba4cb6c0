"""What `output dev` is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class DevOptions:
    """The project's folder and the wanted ports; one that is taken gives way to the next free one.

    `api_port=None` takes `OUTPUT_API_PORT`, or 3001. `fresh` sets the engine's database aside and starts a new one.
    """

    project: Path = Path()
    api_port: int | None = None
    engine_port: int = 7233
    ui_port: int = 8233
    fresh: bool = False
