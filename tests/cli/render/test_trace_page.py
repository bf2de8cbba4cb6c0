"""A trace as a page: it needs no network, and a browser shows it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from output.cli.render.trace_page import render_page
from output.models.traces import TraceNode
from tests.support.browser import CHROMIUM
from tests.support.command import Command


def test_open_gives_the_run_in_the_console_to_the_browser(output: Command, tmp_path: Path) -> None:
    output("workflow", "run", "price_order", "unknown_product", "--workflow-id", "page/two")
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)

    ended = output("workflow", "debug", "page/two", "--open", BROWSER=f"{browser} %s")

    opened = (tmp_path / "opened").read_text().strip()
    assert (ended.code, ended.out.strip()) == (0, opened)
    assert re.fullmatch(r"http://\S+/console/runs/page%2Ftwo/[0-9a-f-]{36}", opened)


def test_page_writes_a_page_and_gives_it_to_the_browser(output: Command, tmp_path: Path) -> None:
    output("workflow", "run", "price_order", "unknown_product", "--workflow-id", "page one")
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)

    ended = output("workflow", "debug", "page one", "--page", BROWSER=f"{browser} %s", TMPDIR=str(tmp_path))

    page = Path(ended.out.strip())
    assert (ended.code, page.name) == (0, "page_one.html")
    assert (tmp_path / "opened").read_text().strip() == page.as_uri()
    text = page.read_text()
    assert "price_order#look_up_price" in text
    assert not re.search(r"""(src|href)\s*=|https?://(?!registry)""", text)


def test_no_value_can_leave_the_page_s_data() -> None:
    nasty = "</script><script>document.title = 'broken'</script><!--"
    page = render_page(_node(nasty), workflow_id=nasty, run_id="r")

    assert page.count("</script>") == 1
    assert "<!--" not in page


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_browser_draws_the_tree_and_opens_it_where_it_failed(tmp_path: Path) -> None:
    assert CHROMIUM is not None
    (tmp_path / "page.html").write_text(render_page(_node("a value"), workflow_id="w-1", run_id="r"))

    drawn = subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
            f"--user-data-dir={tmp_path}/profile",
            "--dump-dom",
            f"{(tmp_path / 'page.html').as_uri()}",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout

    assert "<title>sums · w-1</title>" in drawn
    assert drawn.count('class="row bad"') == 2
    assert "DiskFullError: no space left" in drawn
    assert "a value" in drawn


def _node(value: str) -> TraceNode:
    error = {"name": "DiskFullError", "message": "no space left", "stack": "  File steps.py"}
    fine = {"id": "2", "kind": "step", "name": "sums#add", "startedAt": 5, "endedAt": 9, "output": 3}
    failed = {"id": "3", "kind": "step", "name": "sums#write", "startedAt": 9, "endedAt": 20, "input": value}
    return TraceNode.model_validate(
        {
            "id": "1",
            "kind": "workflow",
            "name": "sums",
            "startedAt": 1,
            "endedAt": 21,
            "error": error,
            "children": [fine, {**failed, "error": error}],
        }
    )
