"""Tables that fit the window, or are as wide as they like where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

_GAP = "  "
_NARROWEST = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column; the ones with the greatest `shrink` give way first, 0 never."""

    title: str
    shrink: int = 0


def lay_out(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, width: int | None) -> list[str]:
    """Lines of a table with a heading; cells that do not fit end in `…`."""
    cells = [[column.title for column in columns], *([_one_line(cell) for cell in row] for row in rows)]
    sizes = [max(cell_len(row[index]) for row in cells) for index in range(len(columns))]
    if width is not None:
        _shrink(sizes, columns, width=width)
    return [
        _GAP.join(cut(cell, size, pad=True) for cell, size in zip(row, sizes, strict=True)).rstrip() for row in cells
    ]


def cut(text: str, size: int, *, pad: bool = False) -> str:
    """At most so many cells of a terminal, the last a `…` if something is missing."""
    length = cell_len(text)
    if length > size:
        return set_cell_size(text, max(size - 1, 0)) + "…"
    return text + " " * (size - length) if pad else text


def _shrink(sizes: list[int], columns: Sequence[Column], *, width: int) -> None:
    """Take from the widest of the first rank until the row fits, then from the next rank."""
    excess = sum(sizes) + len(_GAP) * (len(sizes) - 1) - width
    for rank in sorted({column.shrink for column in columns if column.shrink}, reverse=True):
        indexes = [index for index, column in enumerate(columns) if column.shrink == rank]
        while excess > 0:
            widest = max(indexes, key=lambda index: sizes[index])
            if sizes[widest] <= max(_NARROWEST, cell_len(columns[widest].title)):
                break
            sizes[widest] -= 1
            excess -= 1


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
