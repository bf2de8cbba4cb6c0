"""Tables and durations."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from output.cli.render.table import Column, cut, lay_out
from output.cli.render.times import describe_duration


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0 ms"),
        (999, "999 ms"),
        (4_230, "4.2 s"),
        (59_990, "1 min"),
        (185_000, "3 min 5 s"),
        (7_800_000, "2 h 10 min"),
        (356_400_000, "4 d 3 h"),
    ],
)
def test_durations_are_said_as_people_say_them(milliseconds: float, said: str) -> None:
    assert describe_duration(milliseconds) == said


@pytest.mark.parametrize("width", [30, 50, 80, None])
def test_a_table_is_never_wider_than_its_window(width: int | None) -> None:
    columns = [Column("STATUS"), Column("NAME", shrink=1), Column("RUN", shrink=2)]
    rows = [["failed", "名前" * 20, "0199-1234-5678"], ["ok", "short", "x\ny"]]

    lines = lay_out(columns, rows, width=width)

    assert width is None or all(cell_len(line) <= width for line in lines)
    assert len(lines) == 3
    assert lines[2].endswith("x y")


def test_a_cut_keeps_the_width_of_wide_characters() -> None:
    assert cut("名前名前", 6) == "名前 …"
    assert cell_len(cut("名前名前", 6)) == 6
    assert cut("short", 10) == "short"
    assert cut("short", 7, pad=True) == "short  "
