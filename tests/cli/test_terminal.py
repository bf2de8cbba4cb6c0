"""What a person sees: colours, the window's width, live progress, Ctrl-C."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.made_project import Made
from tests.support.screen import Terminal
from tests.support.waiting import wait_until

Open = Callable[..., Terminal]


@pytest.fixture
def terminal(made: Made) -> Open:
    """A command in a terminal, in the made project's folder."""

    def open_terminal(*words: str, columns: int = 100, **variables: str) -> Terminal:
        return Terminal(*words, folder=made.folder, columns=columns, **{"OUTPUT_API_URL": made.url, **variables})

    return open_terminal


def test_a_running_step_is_live_and_gives_way_to_what_came_of_it(terminal: Open, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with terminal("workflow", "run", "retrying", "--input", json.dumps(str(gate))) as seen:
        live = seen.wait_for(r"^\S reach  .* attempt \d+ of 60.* failed.*no route to the moon")
        gate.touch()
        code = seen.wait()

    assert live.split()[0] in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
    assert code == 0
    assert seen.lines[0].startswith("retrying  retrying-")
    assert re.fullmatch(r"✓ reach  .* s  \(\d+ attempts\)", seen.lines[1])
    assert seen.lines[2:] == ['"reached"']


def test_ctrl_c_leaves_the_run_alone_and_says_how_to_come_back(terminal: Open, output: Command) -> None:
    with terminal("workflow", "run", "approve_expense", "train_ticket", "--workflow-id", "left") as seen:
        seen.wait_for(r"sleep 14 d")
        seen.press_ctrl_c()
        code = seen.wait()

    assert code == 130
    assert "Detached; left goes on." in seen.shown
    assert "output workflow monitor left" in seen.shown
    assert "Traceback" not in seen.shown
    assert output("workflow", "status", "left").out.startswith("left  running")
    assert output("workflow", "terminate", "left").code == 0


def test_ctrl_c_on_a_watched_list_is_quiet(terminal: Open) -> None:
    with terminal("workflow", "runs", "list", "--watch") as seen:
        seen.wait_for(r"^STATUS|^No runs")
        seen.press_ctrl_c()
        code = seen.wait()

    assert code == 130
    assert "Traceback" not in seen.shown


def test_a_table_fits_the_window_and_colours_are_there(terminal: Open, output: Command) -> None:
    output("workflow", "run", "price_order", "breakfast")
    ended = ("workflow", "runs", "list", "--workflow", "price_order", "--status", "completed")
    wait_until(lambda: bool(json.loads(output(*ended, "--format", "json").out)["runs"]))
    with terminal("workflow", "list", columns=70) as narrow:
        assert narrow.wait() == 0
    with terminal(*ended) as coloured:
        assert coloured.wait() == 0

    assert all(len(line) <= 70 for line in narrow.lines)
    assert sum("…" in line for line in narrow.lines) >= 3
    assert b"\x1b[32mcompleted" in coloured.raw


def test_no_color_is_kept(terminal: Open) -> None:
    with terminal("workflow", "runs", "list", NO_COLOR="1") as plain:
        assert plain.wait() == 0
    with terminal("workflow", "status", "nobody", NO_COLOR="1") as fault:
        assert fault.wait() == 1

    assert b"\x1b[3" not in plain.raw + fault.raw


def test_values_of_a_trace_are_cut_to_the_window(terminal: Open, output: Command) -> None:
    words = json.dumps(["名前" * 40])
    output("workflow", "run", "broad", "--input", words, "--workflow-id", "broad")
    with terminal("workflow", "debug", "broad", columns=60) as cut:
        assert cut.wait() == 0

    assert "…" in cut.shown
    assert len(cut.lines) == 4
    assert "名前" * 40 in output("workflow", "debug", "broad").out


def test_a_dumb_terminal_gets_plain_lines(terminal: Open) -> None:
    with terminal("workflow", "run", "price_order", "breakfast", TERM="dumb") as seen:
        assert seen.wait() == 0

    assert b"\x1b[" not in seen.raw
    assert "✓ write_receipt" in seen.shown
