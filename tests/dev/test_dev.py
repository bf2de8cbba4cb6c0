"""`output dev` from start to end, with the real engine, worker and API server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import httpx
import psutil
from tests.dev.conftest import StartDev
from tests.dev.terminal import Dev, wait_until_gone
from tests.stack import free_port


def _status(url: str, run: str) -> str:
    result = httpx.get(f"{url}/workflow/{run}/result", params={"wait": 60}, timeout=70).json()
    assert result["error"] is None, result
    return str(result["status"])


def _start(url: str, run: str, name: Path) -> None:
    body = {"workflowName": "waiter", "input": str(name), "workflowId": run}
    httpx.post(f"{url}/workflow/start", json=body, timeout=30).raise_for_status()


def test_it_says_where_everything_is_with_a_call_that_works_as_pasted(
    project: Path, start_dev: StartDev, tmp_path: Path
) -> None:
    scenario = project / "workflows" / "waiter" / "scenarios" / "first.json"
    scenario.parent.mkdir()
    (tmp_path / "it's there").write_text("")
    scenario.write_text(json.dumps(str(tmp_path / "it's there")))
    dev = start_dev(project, NO_COLOR="1")

    url = dev.wait_ready()

    shown = dev.wait_for(r"^dev    │   (curl .*)$")
    assert f"  API          {url}\n" in dev.screen
    assert f"  Docs         {url}/docs\n" in dev.screen
    ui = dev.wait_for(r"Temporal UI  (http://localhost:\d+)")[1]
    assert httpx.get(ui, timeout=30, follow_redirects=True).status_code == 200
    answer = subprocess.run(["/bin/sh", "-c", shown[1]], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(answer.stdout)["output"] == "old"


def test_ctrl_c_stops_worker_then_api_then_engine(project: Path, start_dev: StartDev) -> None:
    dev = start_dev(project, NO_COLOR="1")
    dev.wait_ready()
    family = dev.family()
    assert len(family.all) == 3

    dev.press_ctrl_c()

    assert dev.wait() == 0
    assert wait_until_gone(family.all) == set()
    assert dev.screen.index("worker stopped") < dev.screen.index("api stopped") < dev.screen.index("Stopped.")


def test_kill_9_leaves_no_orphan(project: Path, start_dev: StartDev) -> None:
    dev = start_dev(project)
    dev.wait_ready()
    children = {child.pid for child in psutil.Process(dev.process.pid).children(recursive=True)}
    assert len(children) == 4  # the three, and the watchdog

    dev.process.kill()

    assert wait_until_gone(children) == set()


def test_a_second_ctrl_c_kills(project: Path, start_dev: StartDev, tmp_path: Path) -> None:
    dev = start_dev(project, NO_COLOR="1")
    url = dev.wait_ready()
    _start(url, "endless", tmp_path / "never")
    family = dev.family()
    assert family.worker is not None
    os.kill(family.worker, signal.SIGSTOP)  # it cannot end by itself

    dev.press_ctrl_c()
    dev.wait_for("Ctrl-C again kills")
    while dev.process.poll() is None:
        dev.press_ctrl_c()
        wait_until_gone(family.all, seconds=0.3)

    assert dev.wait() == 130
    assert wait_until_gone(family.all) == set()


def test_saving_a_file_reloads_without_losing_a_running_workflow(
    project: Path, start_dev: StartDev, tmp_path: Path
) -> None:
    dev = start_dev(project, NO_COLOR="1")
    url = dev.wait_ready()
    _start(url, "kept", tmp_path / "go")
    old = dev.family().worker
    steps = project / "workflows" / "waiter" / "steps.py"

    steps.write_text(steps.read_text().replace('"old"', '"new"'))
    dev.wait_for(r"Reloaded in")
    (tmp_path / "go").write_text("")

    assert _status(url, "kept") == "completed"
    assert dev.family().worker != old
    body = {"workflowName": "waiter", "input": str(tmp_path / "go")}
    assert httpx.post(f"{url}/workflow/run", json=body, timeout=60).json()["output"] == "new"


def test_a_file_that_does_not_import_keeps_the_old_worker_and_is_shown(
    project: Path, start_dev: StartDev, tmp_path: Path
) -> None:
    (tmp_path / "go").write_text("")
    dev = start_dev(project, NO_COLOR="1")
    url = dev.wait_ready()
    steps = project / "workflows" / "waiter" / "steps.py"
    good = steps.read_text()

    steps.write_text("def broken(:\n")
    dev.wait_for(r"^worker │ .*steps\.py.*")
    dev.wait_for(r"the worker from before goes on")

    body = {"workflowName": "waiter", "input": str(tmp_path / "go")}
    assert httpx.post(f"{url}/workflow/run", json=body, timeout=60).json()["output"] == "old"
    steps.write_text(good)
    dev.wait_for(r"Reloaded in")


def test_a_project_without_workflows_is_waited_for(tmp_path: Path, project: Path, start_dev: StartDev) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    dev = start_dev(empty, NO_COLOR="1")
    dev.wait_for(r"no worker is running")
    dev.wait_for(r"The API is up")

    (project / "workflows").rename(empty / "workflows")

    url = dev.wait_ready()
    assert [each["name"] for each in httpx.get(f"{url}/workflow/catalog").json()["workflows"]] == ["waiter"]


def test_a_worker_that_is_killed_is_started_again_and_the_run_goes_on(
    project: Path, start_dev: StartDev, tmp_path: Path
) -> None:
    steps = project / "workflows" / "waiter" / "steps.py"
    quick = "@step(heartbeat_timeout=timedelta(seconds=2), retry=Retry(initial_interval=timedelta(seconds=1)))"
    steps.write_text(
        "from datetime import timedelta\nfrom output import Retry\n" + steps.read_text().replace("@step", quick)
    )
    dev = start_dev(project, NO_COLOR="1")
    url = dev.wait_ready()
    _start(url, "survivor", tmp_path / "go")
    worker = dev.family().worker
    assert worker is not None

    os.kill(worker, signal.SIGKILL)
    dev.wait_for(r"The worker was ended by signal 9; it is started again\.")
    (tmp_path / "go").write_text("")

    assert _status(url, "survivor") == "completed"


def test_restarting_keeps_running_workflows(project: Path, start_dev: StartDev, tmp_path: Path) -> None:
    first = start_dev(project)
    _start(first.wait_ready(), "kept", tmp_path / "go")
    first.press_ctrl_c()
    assert first.wait() == 0
    (tmp_path / "go").write_text("")

    again = start_dev(project)

    assert _status(again.wait_ready(), "kept") == "completed"


def test_a_taken_port_is_told_with_its_holder_and_gives_way(project: Path, start_dev: StartDev) -> None:
    first = start_dev(project, NO_COLOR="1")
    taken = first.wait_ready().rpartition(":")[2]
    other = project.with_name("other")
    (other / "workflows").mkdir(parents=True)

    second = start_dev(other, "--port", taken, "--engine-port", "0", "--ui-port", "0", NO_COLOR="1")

    told = second.wait_for(rf"The API's port {taken} is taken by \S+ \(process \d+: .*output\.api\); using (\d+)\.")
    second.wait_for(rf"http://localhost:{told[1]}$")


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


def test_variables_of_the_env_file_reach_the_children(project: Path, start_dev: StartDev) -> None:
    (project / ".env").write_text("OUTPUT_CATALOG_ID=from-the-file\n")
    dev = start_dev(project, NO_COLOR="1")

    url = dev.wait_ready()

    assert httpx.get(f"{url}/workflow/catalog/from-the-file").status_code == 200
    worker = dev.family().worker
    assert worker is not None
    given = psutil.Process(worker).environ()
    assert (given["OUTPUT_TRACE_LOCAL_ON"], given["TEMPORAL_MAX_CACHED_WORKFLOWS"]) == ("true", "0")


def test_a_project_runs_once_at_a_time(project: Path, start_dev: StartDev) -> None:
    start_dev(project).wait_ready()

    second = start_dev(project)

    assert second.wait() == 1
    assert "running for this project already" in second.screen


def test_lines_are_coloured_on_a_terminal_only(project: Path, start_dev: StartDev, tmp_path: Path) -> None:
    coloured = start_dev(project)
    coloured.wait_ready()
    assert "\x1b[36mworker │\x1b[0m" in coloured.screen
    coloured.press_ctrl_c()
    assert coloured.wait() == 0

    plain = start_dev(project, NO_COLOR="1")
    plain.wait_ready()
    assert "\x1b" not in plain.screen


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, start_dev: StartDev) -> None:
    dev: Dev = start_dev(tmp_path, str(tmp_path / "nowhere"))

    assert dev.wait() == 1
    assert "There is no folder" in dev.screen
