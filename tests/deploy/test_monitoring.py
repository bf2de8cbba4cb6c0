"""The dashboard and the alerts, held against the real Prometheus, which scrapes a real API server and a real worker."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.support.contract import CONTRACT
from tests.support.processes import Process, clean_environment, free_port, start_ready
from tests.support.waiting import wait_until

DEPLOY = Path(__file__).parents[2] / "deploy" / "monitoring"
TOKEN = "a-token-of-the-dashboards"
CATALOG = "monitored"
pytestmark = pytest.mark.skipif(
    shutil.which("prometheus") is None or shutil.which("promtool") is None,
    reason="needs Prometheus: apt-get install prometheus",
)


@dataclass(frozen=True)
class Monitored:
    """A Prometheus and what it scrapes."""

    url: str
    api: str
    worker_metrics: str

    def ask(self, path: str, **parameters: str) -> Any:
        return httpx.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=30, trust_env=False).json()["data"]


@pytest.fixture(scope="module")
def monitored(
    stack_folder: Path, engine_address: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Monitored]:
    """One run of each kind has ended, and a Prometheus has scraped API and worker since before that."""
    folder = tmp_path_factory.mktemp("prometheus")
    processes: list[Process] = []
    common = {
        "TEMPORAL_ADDRESS": engine_address,
        "OUTPUT_CATALOG_ID": CATALOG,
        "OUTPUT_ENV": "production",
        "OUTPUT_TRACE_LOCAL_ON": "on",
    }

    def start(module: str, *words: str, **variables: str) -> dict[str, Any]:
        ready = start_ready(
            [sys.executable, "-m", module, *words],
            log=stack_folder / f"monitored-{module}.log",
            environment=clean_environment(**common, **variables),
            cwd=folder,
        )
        processes.append(ready.process)
        return dict(ready.facts)

    try:
        project = shutil.copytree(CONTRACT, folder / "project")
        (project / "workflows" / "shaky.py").write_text(SHAKY)
        worker = start(
            "output.worker", "--project", str(project), OUTPUT_METRICS_PORT="0", OUTPUT_METRICS_HOST="127.0.0.1"
        )
        api = start("output.api", OUTPUT_API_HOST="127.0.0.1", OUTPUT_API_PORT="0", OUTPUT_API_AUTH_TOKEN=TOKEN)
        url, found = f"http://127.0.0.1:{api['port']}", f"127.0.0.1:{worker['metricsPort']}"
        prometheus = _start_prometheus(folder, api=f"127.0.0.1:{api['port']}", worker=found, processes=processes)
        monitored = Monitored(prometheus, url, found)
        wait_until(
            lambda: {each["health"] for each in monitored.ask("targets")["activeTargets"]} == {"up"}, "both targets up"
        )
        _run_some(url)
        # A rate is between two scrapes: what a series begins with is in none.
        query = 'output_failures_total{name="ConnectionError"} and on () output_runs_ended_total{workflow="shaky"}'
        wait_until(lambda: monitored.ask("query", query=query)["result"], "a scrape of the first runs")
        _run_some(url)
        yield monitored
    finally:
        for process in reversed(processes):
            process.stop()


def _run_some(url: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for name, value in (("mirror", 1), ("lost", None), ("shaky", None)):
        body = {"workflowName": name, "input": value}
        httpx.post(f"{url}/workflow/run", json=body, headers=headers, timeout=60, trust_env=False).raise_for_status()


SHAKY = """
from datetime import timedelta

from output import Retry, current_step, step, workflow


@step(retry=Retry(initial_interval=timedelta(milliseconds=10)))
async def shake() -> None:
    if current_step().attempt < 3:
        raise ConnectionError("not yet")


@workflow
async def shaky() -> None:
    await shake()
"""


def _start_prometheus(folder: Path, *, api: str, worker: str, processes: list[Process]) -> str:
    """A Prometheus with our configuration, but for addresses and pace."""
    config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "1s"}
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    jobs["output-api"] |= {"static_configs": [{"targets": [api]}], "authorization": {"credentials": TOKEN}}
    jobs["output-worker"]["static_configs"] = [{"targets": [worker]}]
    (folder / "prometheus.yml").write_text(json.dumps(config))  # JSON is YAML
    shutil.copy(DEPLOY / "alerts.yml", folder)
    address = f"127.0.0.1:{free_port()}"
    words = [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={address}",
    ]
    process = Process(words, log=folder / "prometheus.log", environment=clean_environment())
    processes.append(process)

    def is_ready() -> bool:
        assert process.child.poll() is None, process.read_log()
        try:
            return httpx.get(f"http://{address}/-/ready", trust_env=False).is_success
        except httpx.TransportError:
            return False

    wait_until(is_ready, "Prometheus's start")
    return f"http://{address}"


def _panels() -> list[tuple[str, str]]:
    dashboard = json.loads((DEPLOY / "dashboard.json").read_text())
    return [
        (f"{panel['title']} {target['refId']}", target["expr"])
        for panel in dashboard["panels"]
        for target in panel.get("targets", [])
    ]


@pytest.mark.parametrize(("title", "query"), _panels(), ids=lambda value: value if len(value) < 60 else "")
def test_every_panel_has_a_series(monitored: Monitored, title: str, query: str) -> None:
    query = query.replace("$__rate_interval", "1m")

    def values() -> list[str]:
        return [series["value"][1] for series in monitored.ask("query", query=query)["result"]]

    # A rate takes two scrapes, and sealing its second; NaN is a quantile of nothing.
    wait_until(lambda: any(value != "NaN" for value in values()), f"a series of {title}: {query}", seconds=30)


def test_every_rule_loads_and_speaks_of_metrics_that_there_are(monitored: Monitored) -> None:
    checked = subprocess.run(
        ["promtool", "check", "rules", str(DEPLOY / "alerts.yml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr

    def rules() -> list[dict[str, Any]]:
        return [rule for group in monitored.ask("rules")["groups"] for rule in group["rules"]]

    written = {
        rule["alert"]
        for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
        for rule in group["rules"]
    }
    wait_until(lambda: {rule["name"] for rule in rules() if rule["health"] == "ok"} == written, "all rules evaluated")
    metrics = set(monitored.ask("label/__name__/values"))
    used = {name for rule in rules() for name in re.findall(r"\b(?:output|temporal)_\w+|\bup\b", rule["query"])}
    assert used - {"output_.*"} <= metrics


def test_alerts_are_explained_on_the_page() -> None:
    page = (DEPLOY.parents[1] / "docs" / "metrics.md").read_text()
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            assert f"`{rule['alert']}`" in page


def test_the_page_names_every_metric_and_no_other(monitored: Monitored) -> None:
    page = (DEPLOY.parents[1] / "docs" / "metrics.md").read_text()
    documented = set(re.findall(r"^\| `(output_\w+)` \|", page, re.MULTILINE))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    texts = [
        httpx.get(f"{monitored.api}/metrics", headers=headers, trust_env=False).text,
        httpx.get(f"http://{monitored.worker_metrics}/metrics", trust_env=False).text,
    ]
    found = {name for text in texts for name in re.findall(r"^# TYPE (output_\w+)", text, re.MULTILINE)}

    assert documented == found


def test_the_apis_metrics_take_the_scope_view(monitored: Monitored) -> None:
    assert httpx.get(f"{monitored.api}/metrics", trust_env=False).status_code == 401


def test_ids_make_no_series(monitored: Monitored) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for number in range(20):
        httpx.get(f"{monitored.api}/workflow/nobody-{number}/status", headers=headers, trust_env=False)
        httpx.get(f"{monitored.api}/nowhere/{number}", headers=headers, trust_env=False)
    text = httpx.get(f"{monitored.api}/metrics", headers=headers, trust_env=False).text

    assert "nobody-" not in text
    assert "/nowhere" not in text
    assert 'route="/workflow/{workflowId}/status",status="404"} 20.0' in text
