"""`output dev` from start to end, with the real engine, worker and API server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx
import psutil

from tests.dev.conftest import StartDev
from tests.support.dev_terminal import wait_until_gone
from tests.support.processes import free_port


def _start(url: str, run: str, name: Path) -> None:
    body = {"workflowName": "waiter", "input": str(name), "workflowId": run}
    httpx.post(f"{url}/workflow/start", json=body, timeout=30).raise_for_status()


def _output(url: str, run: str) -> object:
    result = httpx.get(f"{url}/workflow/{run}/result", params={"wait": 60}, timeout=70).json()
    assert result["status"] == "completed", result
    return result["output"]


def _run(url: str, name: Path) -> object:
    body = {"workflowName": "waiter", "input": str(name)}
    return httpx.post(f"{url}/workflow/run", json=body, timeout=60).json()["output"]


def test_it_says_where_everything_is_with_a_call_that_works_as_pasted_and_stops_in_order(
    project: Path, start_dev: StartDev, tmp_path: Path
) -> None:
    scenario = project / "workflows" / "waiter" / "scenarios" / "first.json"
    scenario.parent.mkdir()
    (tmp_path / "it's there").write_text("")
    scenario.write_text(json.dumps(str(tmp_path / "it's there")))
    (project / ".env").write_text("OUTPUT_CATALOG_ID=from-the-file\n")
    dev = start_dev(project, NO_COLOR="1")

    url = dev.wait_ready()

    shown = dev.wait_for(r"^dev    │   (curl .*)$")
    dev.wait_for(rf"^dev    │   API          {url}$")
    dev.wait_for(rf"^dev    │   Console      {url}/console/$")
    dev.wait_for(rf"^dev    │   Docs         {url}/docs$")
    ui = dev.wait_for(r"Temporal UI  (http://localhost:\d+)")[1]
    assert httpx.get(ui, timeout=30, follow_redirects=True).status_code == 200
    answer = subprocess.run(["/bin/sh", "-c", shown[1]], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(answer.stdout)["output"] == "old"
    family = dev.family()
    assert family.worker is not None
    given = psutil.Process(family.worker).environ()
    assert (given["OUTPUT_TRACE_LOCAL_ON"], given["TEMPORAL_MAX_CACHED_WORKFLOWS"]) == ("true", "0")
    assert given["OUTPUT_CATALOG_ID"] == "from-the-file"

    dev.press_ctrl_c()

    assert dev.wait() == 0
    assert wait_until_gone(family.all) == set()
    assert dev.screen.index("worker stopped") < dev.screen.index("api stopped") < dev.screen.index("Stopped.")
    assert "\x1b" not in dev.screen


def test_reloading_loses_no_running_workflow_and_a_faulty_file_keeps_the_worker(
    project: Path, start_dev: StartDev, tmp_path: Path
) -> None:
    dev = start_dev(project, NO_COLOR="1")
    url = dev.wait_ready()
    steps = project / "workflows" / "waiter" / "steps.py"
    good = steps.read_text()
    _start(url, "kept", tmp_path / "go")
    old = dev.family().worker

    steps.write_text(good.replace('"old"', '"new"'))
    dev.wait_for(r"Reloaded in")
    (tmp_path / "go").write_text("")

    assert _output(url, "kept") in {"old", "new"}
    assert dev.family().worker != old
    assert _run(url, tmp_path / "go") == "new"

    steps.write_text("def broken(:\n")
    dev.wait_for(r"^worker │ .*steps\.py.*")
    dev.wait_for(r"the worker from before goes on")

    assert _run(url, tmp_path / "go") == "new"

    _start(url, "interrupted", tmp_path / "later")
    steps.write_text(good)
    dev.wait_for(r"(?s)goes on.*Reloaded in")
    dev.press_ctrl_c()

    assert dev.wait() == 0
    assert "Running steps are stopped" in dev.screen
    assert "did not end" not in dev.screen


def test_after_kill_9_nobody_is_left_and_the_next_one_goes_on_with_the_runs(
    project: Path, start_dev: StartDev, tmp_path: Path
) -> None:
    first = start_dev(project)
    _start(first.wait_ready(), "kept", tmp_path / "go")
    children = {child.pid for child in psutil.Process(first.process.pid).children(recursive=True)}
    assert len(children) == 4  # the three, and the watchdog

    first.process.kill()

    assert wait_until_gone(children) == set()
    (tmp_path / "go").write_text("")
    again = start_dev(project)
    url = again.wait_ready()
    assert _output(url, "kept") == "old"
    assert "\x1b[36mworker │\x1b[0m" in again.screen

    third = start_dev(project)

    assert third.wait() == 1
    assert "running for this project already" in third.screen


def test_a_project_without_workflows_is_waited_for_on_another_port(
    project: Path, start_dev: StartDev, tmp_path: Path, api_url: str
) -> None:
    taken = api_url.rpartition(":")[2]
    empty = tmp_path / "empty"
    empty.mkdir()
    dev = start_dev(empty, "--port", taken, "--engine-port", "0", "--ui-port", "0", NO_COLOR="1")
    told = dev.wait_for(rf"The API's port {taken} is taken by \S+ \(process \d+: .*output\.api\); using (\d+)\.")
    dev.wait_for(r"no worker is running")
    dev.wait_for(r"The API is up")

    (project / "workflows").rename(empty / "workflows")

    url = dev.wait_ready()
    assert url == f"http://localhost:{told[1]}"
    assert [each["name"] for each in httpx.get(f"{url}/workflow/catalog").json()["workflows"]] == ["waiter"]


def test_with_an_address_the_engine_there_is_used_and_none_is_started(
    project: Path, start_dev: StartDev, engine_address: str
) -> None:
    dev = start_dev(project, NO_COLOR="1", TEMPORAL_ADDRESS=engine_address, OUTPUT_CATALOG_ID=f"dev-{free_port()}")

    dev.wait_ready()

    family = dev.family()
    assert family.engine is None
    assert len(family.all) == 2
    dev.wait_for(rf"Engine       {engine_address}")


def test_an_engine_that_keeps_dying_ends_it_with_the_last_lines(project: Path, start_dev: StartDev) -> None:
    (project / ".output").mkdir()
    (project / ".output" / "engine.db").write_bytes(b"this is no database" * 1000)
    dev = start_dev(project, NO_COLOR="1")

    assert dev.wait() == 1
    assert "The engine keeps dying: 5 times" in dev.screen
    assert "--fresh" in dev.screen
    assert (project / ".output" / "engine.db").read_bytes().startswith(b"this is no database")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, start_dev: StartDev) -> None:
    dev = start_dev(tmp_path / "nowhere")

    assert dev.wait() == 1
    assert "There is no folder" in dev.screen
