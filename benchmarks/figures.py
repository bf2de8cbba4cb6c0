"""Where the benchmarks leave their figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "results"


def write_figures(name: str, figures: Mapping[str, object]) -> Path:
    """Write a benchmark's figures to `benchmarks/results/<name>.json`; the file."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{name}.json"
    file.write_text(json.dumps(figures, indent=2) + "\n")
    return file


def print_figures(figures: Mapping[str, object]) -> None:
    """A line for each figure, in columns."""
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:{width}}  {value}")
