"""The index of the decisions, printed; `make docs` writes it."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "decisions"
HEAD = """# Decisions

Ten lines each: what, why, what was rejected. A number is given once and never again; its first two digits are a subject.
This page is made from the others (`make docs`).

| number | decision |
|---|---|
"""


def index() -> str:
    """The page."""
    rows: list[str] = []
    for file in sorted(FOLDER.glob("[0-9]*.md")):
        title = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        title = re.sub(r"^\d+[:.]? ", "", title)
        rows.append(f"| {file.name[:4]} | [{title[:1].upper()}{title[1:]}]({file.name}) |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    print(index(), end="")
