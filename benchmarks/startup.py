"""How long `output dev` takes until all is up, how long a reload takes, and what idle processes hold in memory.

`python -m benchmarks.startup [--runs N]`; medians are printed and written to `benchmarks/results/startup.json`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.figures import write_figures

ROOT = Path(__file__).resolve().parents[1]
QUICKSTART = ROOT / "examples" / "quickstart"
FREE_PORTS = ("--port", "0", "--engine-port", "0", "--ui-port", "0")
SETTLE = 1.0  # seconds until memory is read
SECONDS = 60


@dataclass(frozen=True)
class Measured:
    """One start: seconds until ready and until reloaded, resident memory in MB (10^6 bytes)."""

    ready: float
    reload: float
    stop: float
    worker_rss: float
    api_rss: float
    engine_rss: float


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "quickstart"
        shutil.copytree(QUICKSTART, project, ignore=shutil.ignore_patterns(".output", "logs"))
        measure(project)  # warms the disk cache and makes the database
        measured = [measure(project) for _ in range(runs)]
    report(measured)


def measure(project: Path) -> Measured:
    """One start, reload and stop of `output dev`."""
    readable, writable = os.pipe()
    environment = {**os.environ, "OUTPUT_READY_FD": str(writable), "NO_COLOR": "1"}
    words = [sys.executable, "-m", "output.dev", str(project), *FREE_PORTS]
    started = time.perf_counter()
    with subprocess.Popen(words, env=environment, pass_fds=(writable,), stdout=subprocess.PIPE, text=True) as dev:
        os.close(writable)
        try:
            with os.fdopen(readable) as pipe:
                line = pipe.readline()
            if not line:
                raise SystemExit("`output dev` did not start")
            ready = time.perf_counter() - started
            time.sleep(SETTLE)
            memory = read_memory(dev.pid)
            reload = reload_worker(dev, project)
            dev.send_signal(signal.SIGINT)
            stopped = time.perf_counter()
            for _ in dev.stdout or ():
                pass
            dev.wait(SECONDS)
            return Measured(ready, reload, time.perf_counter() - stopped, *memory)
        finally:
            dev.kill()


def read_memory(pid: int) -> tuple[float, float, float]:
    """Resident MB of worker, API server and engine."""
    found = {"output.worker": 0.0, "output.api": 0.0, "start-dev": 0.0}
    for child in psutil.Process(pid).children(recursive=True):
        words = child.cmdline()
        for mark in found:
            if mark in words:
                found[mark] += child.memory_info().rss / 1e6
    return found["output.worker"], found["output.api"], found["start-dev"]


def reload_worker(dev: subprocess.Popen[str], project: Path) -> float:
    """Seconds from saving a file until the new worker has taken over."""
    saved = time.perf_counter()
    (project / "workflows" / "page_digest" / "steps.py").touch()
    for line in dev.stdout or ():
        if "Reloaded in" in line:
            return time.perf_counter() - saved
    raise SystemExit("`output dev` ended while it reloaded")


def report(measured: Sequence[Measured]) -> None:
    """Print medians with the range, and write all."""
    names = {
        "ready": ("ready, s", 3.0),
        "reload": ("reload, s", 2.0),
        "stop": ("stop, s", None),
        "worker_rss": ("idle worker, MB", 150.0),
        "api_rss": ("idle API server, MB", 120.0),
        "engine_rss": ("idle engine, MB", None),
    }
    medians: dict[str, float] = {}
    for name, (label, goal) in names.items():
        values = [float(asdict(each)[name]) for each in measured]
        medians[name] = round(statistics.median(values), 3)
        aim = f"   goal: under {goal:g}" if goal is not None else ""
        print(f"{label:<20} {medians[name]:8.2f}   ({min(values):.2f} to {max(values):.2f}){aim}")
    facts = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }
    written = {"medians": medians, "runs": [asdict(each) for each in measured], "machine": facts}
    print(f"written to {write_figures('startup', written).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
