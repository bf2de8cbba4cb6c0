"""An input that a workflow takes, for the `curl` that is printed: a scenario's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def find_scenario(folder: Path) -> Json | None:
    """The input in the first scenario file of a workflow's folder; None where there is none that is JSON."""
    for file in sorted((folder / "scenarios").glob("*.json")):
        try:
            return cast("Json", json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return None
