"""How long the command line takes for its quickest commands, beside the bare interpreter.

`python -m benchmarks.cli_startup [--runs N]`; wall and CPU time of whole processes, in ms, are printed and written to
`benchmarks/results/cli_startup.json`. The bound is 250 ms of wall time; on a busy machine look at CPU time, too.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.figures import write_figures

OUTPUT = str(Path(sys.executable).with_name("output"))
BOUND = 250.0
STATUS = b'{"workflowId": "w", "runId": "r", "status": "running", "startedAt": 1, "completedAt": null}'


@dataclass(frozen=True)
class Measured:
    """Whole processes: medians and the quickest, ms."""

    wall_median: float
    wall_least: float
    cpu_median: float
    cpu_least: float


class Answer(BaseHTTPRequestHandler):
    """A status, at once: the server's own time is not what is measured here."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(STATUS)))
        self.end_headers()
        self.wfile.write(STATUS)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the library's name
        pass


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs: int = parser.parse_args().runs
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {**os.environ, "OUTPUT_API_URL": f"http://127.0.0.1:{server.server_port}"}
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "output --help": [OUTPUT, "--help"],
            "output workflow --help": [OUTPUT, "workflow", "--help"],
            "output workflow status": [OUTPUT, "workflow", "status", "w"],
        }
        measured = {name: measure(words, environment, runs=runs) for name, words in commands.items()}
        server.shutdown()
    for name, each in measured.items():
        print(
            f"{name:24} wall {each.wall_median:5.0f} ms (least {each.wall_least:4.0f})"
            f"   cpu {each.cpu_median:5.0f} ms (least {each.cpu_least:4.0f})"
        )
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    facts = {"bound_ms": BOUND, "runs": runs, **machine}
    body = {**facts, "commands": {name: asdict(each) for name, each in measured.items()}}
    write_figures("cli_startup", body)


def measure(words: Sequence[str], environment: Mapping[str, str], *, runs: int) -> Measured:
    """So many processes after each other, after one that warms the disk cache."""
    times = [_run(words, environment) for _ in range(runs + 1)][1:]
    walls, cpus = [wall for wall, _ in times], [cpu for _, cpu in times]
    return Measured(
        round(statistics.median(walls), 1), round(min(walls), 1), round(statistics.median(cpus), 1), round(min(cpus), 1)
    )


def _run(words: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    began = time.perf_counter()
    process = subprocess.Popen(words, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.stderr is not None
    with process.stderr as errors:
        assert process.returncode == 0, errors.read().decode()
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000


if __name__ == "__main__":
    main()
