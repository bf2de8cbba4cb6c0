"""A worker that dies loses nothing: the next one goes on where it was."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.support.processes import Process
from tests.support.servers import start_api, start_engine, start_worker
from tests.support.waiting import lines_in, text_in

PROJECT = Path(__file__).parents[1] / "projects" / "crash"


@pytest.fixture
def processes() -> Generator[Processes]:
    """Starts processes and kills at the end what is still there."""
    started = Processes()
    yield started
    started.kill_all()


class Processes:
    """The processes of one test, whichever of them it got to start."""

    def __init__(self) -> None:
        self._all: list[Process] = []

    def worker(self, folder: Path, address: str, **variables: str) -> Process:
        return self._keep(start_worker(folder, address, PROJECT, **variables))

    def api(self, folder: Path, address: str, **variables: str) -> httpx.AsyncClient:
        process, url = start_api(folder, address, **variables)
        self._keep(process)
        return httpx.AsyncClient(base_url=url, timeout=60)

    def engine(self, folder: Path, database: Path) -> str:
        process, address = start_engine(folder, database=database)
        self._keep(process)
        return address

    def kill_all(self) -> None:
        """As a power cut would."""
        while self._all:
            self._all.pop().kill()

    def _keep(self, process: Process) -> Process:
        self._all.append(process)
        return process


async def start_ledger(client: httpx.AsyncClient, workflow_id: str, ledger: Path, gate: Path) -> None:
    given = {"path": str(ledger), "gate": str(gate)}
    body = {"workflowName": "ledger", "workflowId": workflow_id, "input": given}
    (await client.post("/workflow/start", json=body)).raise_for_status()
    await lines_in(ledger, "hold")


async def read_output(client: httpx.AsyncClient, workflow_id: str) -> object:
    result = await client.get(f"/workflow/{workflow_id}/result", params={"wait": 60})
    return result.json()["output"]


async def test_a_worker_killed_in_the_middle_of_a_step_repeats_only_that_step(
    engine_address: str, tmp_path: Path, processes: Processes
) -> None:
    ledger, gate = tmp_path / "ledger.txt", tmp_path / "gate"
    worker = processes.worker(tmp_path, engine_address, OUTPUT_CATALOG_ID="crash")
    async with processes.api(tmp_path, engine_address, OUTPUT_CATALOG_ID="crash") as client:
        await start_ledger(client, "crash-1", ledger, gate)
        worker.kill()
        processes.worker(tmp_path, engine_address, OUTPUT_CATALOG_ID="crash")
        await lines_in(ledger, "hold", count=2)
        gate.touch()
        output = await read_output(client, "crash-1")

    assert output == ["one", "two", "three"]
    booked = [line for line in ledger.read_text().splitlines() if line.startswith("book")]
    assert booked == ["book one", "book two", "book three"]


async def test_running_workflows_outlive_a_power_cut_of_everything(tmp_path: Path, processes: Processes) -> None:
    ledger, gate, database = tmp_path / "ledger.txt", tmp_path / "gate", tmp_path / "engine.db"
    address = processes.engine(tmp_path, database)
    processes.worker(tmp_path, address)
    async with processes.api(tmp_path, address) as client:
        await start_ledger(client, "lasting", ledger, gate)
    processes.kill_all()

    gate.touch()
    address = processes.engine(tmp_path, database)
    processes.worker(tmp_path, address)
    async with processes.api(tmp_path, address) as client:
        assert await read_output(client, "lasting") == ["one", "two", "three"]


async def test_sigterm_lets_a_running_step_end_within_its_grace_time(
    engine_address: str, tmp_path: Path, processes: Processes
) -> None:
    ledger, gate = tmp_path / "ledger.txt", tmp_path / "gate"
    settings = {"OUTPUT_CATALOG_ID": "drain", "OUTPUT_WORKER_SHUTDOWN_GRACE": "30s"}
    worker = processes.worker(tmp_path, engine_address, **settings)
    async with processes.api(tmp_path, engine_address, OUTPUT_CATALOG_ID="drain") as client:
        await start_ledger(client, "drain-1", ledger, gate)
        worker.child.terminate()
        await text_in(worker.log, "worker draining")
        gate.touch()
        assert await asyncio.to_thread(worker.child.wait, 30) == 0
        processes.worker(tmp_path, engine_address, **settings)
        output = await read_output(client, "drain-1")

    assert output == ["one", "two", "three"]
    holds = [line for line in ledger.read_text().splitlines() if line.startswith("hold")]
    assert len(holds) == 1, "the step was not tried again"


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGINT"])
async def test_an_idle_worker_ends_with_code_0(
    engine_address: str, tmp_path: Path, processes: Processes, signal_name: str
) -> None:
    worker = processes.worker(tmp_path, engine_address, OUTPUT_CATALOG_ID=f"idle-{signal_name}")
    worker.child.send_signal(signal.Signals[signal_name])

    assert await asyncio.to_thread(worker.child.wait, 30) == 0
    assert "Traceback" not in worker.read_log()


async def test_a_worker_told_twice_to_stop_gives_its_step_back_at_once(
    engine_address: str, tmp_path: Path, processes: Processes
) -> None:
    ledger, gate = tmp_path / "ledger.txt", tmp_path / "gate"
    variables = {"OUTPUT_CATALOG_ID": "twice", "OUTPUT_WORKER_SHUTDOWN_GRACE": "10m"}
    worker = processes.worker(tmp_path, engine_address, **variables)
    async with processes.api(tmp_path, engine_address, OUTPUT_CATALOG_ID="twice") as client:
        await start_ledger(client, "twice-1", ledger, gate)
        for _ in range(100):  # twice within a moment counts once
            worker.child.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.child.wait(timeout=0.3)
                break
        processes.worker(tmp_path, engine_address, **variables)
        await lines_in(ledger, "hold", count=2)
        gate.touch()
        output = await read_output(client, "twice-1")

    assert worker.child.returncode == 0
    assert output == ["one", "two", "three"]
