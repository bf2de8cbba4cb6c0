"""A run that does not get on is told to who follows it, and so is that it goes on again."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.support.command import OUTPUT, run_command
from tests.support.processes import Process, clean_environment
from tests.support.servers import start_api, start_worker
from tests.support.waiting import wait_until

PROJECT = """
from output import workflow

@workflow
async def greet(name: str) -> str:
    return f"Hello {name}"
"""
CATALOG = {"OUTPUT_CATALOG_ID": "told"}


def test_who_follows_a_run_without_a_worker_is_told_so(
    engine_address: str, tmp_path: Path, processes: list[Process]
) -> None:
    project = tmp_path / "project"
    (project / "workflows").mkdir(parents=True)
    (project / "workflows" / "greet.py").write_text(PROJECT)
    processes.append(worker := start_worker(tmp_path, engine_address, project, **CATALOG))
    api, url = start_api(tmp_path, engine_address, **CATALOG)
    processes.append(api)
    assert worker.stop() == 0
    logs = [tmp_path / name for name in ("run.err", "events.err")]
    environment = clean_environment(OUTPUT_API_URL=url, **CATALOG)

    def follow(log: Path, *words: str) -> subprocess.Popen[str]:
        with log.open("w") as errors:
            return subprocess.Popen(
                [OUTPUT, "workflow", *words], env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    run = follow(logs[0], "run", "greet", "--input", '"Ann"', "--workflow-id", "told-run")
    wait_until(lambda: "No worker polls the task queue 'told'" in logs[0].read_text(), "a word on the missing worker")
    events = follow(logs[1], "monitor", "told-run", "--format", "json")
    wait_until(lambda: "No worker polls" in logs[1].read_text(), "a word beside the events")
    status = run_command("workflow", "status", "told-run", folder=tmp_path, OUTPUT_API_URL=url)
    processes.append(start_worker(tmp_path, engine_address, project, **CATALOG))
    outputs = [each.communicate(timeout=60)[0] for each in (run, events)]

    assert "No worker polls" in status.out
    assert (json.loads(outputs[0]), run.returncode, events.returncode) == ("Hello Ann", 0, 0)
    assert logs[0].read_text().count("No worker polls") == 1
    assert all(json.loads(line)["event"] for line in outputs[1].splitlines())
