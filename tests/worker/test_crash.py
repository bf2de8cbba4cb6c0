"""A worker that dies loses nothing: the next one goes on where it was."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.stack import start_api, start_engine, start_worker

PROJECT = Path(__file__).parents[1] / "projects" / "crash"


async def wait_for_line(ledger: Path, start: str, *, count: int = 1) -> None:
    """Wait until the ledger has that many lines that start so."""
    async with asyncio.timeout(60):
        while not ledger.exists() or sum(line.startswith(start) for line in ledger.read_text().splitlines()) < count:
            await asyncio.sleep(0.02)


async def test_a_worker_killed_in_the_middle_of_a_step_repeats_only_that_step(
    stack_folder: Path, engine_address: str, tmp_path: Path
) -> None:
    ledger, gate = tmp_path / "ledger.txt", tmp_path / "gate"
    worker = start_worker(tmp_path, engine_address, PROJECT, OUTPUT_CATALOG_ID="crash")
    api, url = start_api(tmp_path, engine_address, OUTPUT_CATALOG_ID="crash")
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            body = {
                "workflowName": "ledger",
                "workflowId": "crash-1",
                "input": {"path": str(ledger), "gate": str(gate)},
            }
            (await client.post("/workflow/start", json=body)).raise_for_status()
            await wait_for_line(ledger, "hold")
            worker.kill()
            worker = start_worker(tmp_path, engine_address, PROJECT, OUTPUT_CATALOG_ID="crash")
            await wait_for_line(ledger, "hold", count=2)
            gate.touch()
            result = (await client.get("/workflow/crash-1/result", params={"wait": 60})).json()
    finally:
        worker.stop()
        api.stop()

    assert result["output"] == ["one", "two", "three"]
    booked = [line for line in ledger.read_text().splitlines() if line.startswith("book")]
    assert booked == ["book one", "book two", "book three"]


async def test_running_workflows_outlive_a_restart_of_everything(tmp_path: Path) -> None:
    ledger, gate, database = tmp_path / "ledger.txt", tmp_path / "gate", tmp_path / "engine.db"
    for round_number in (1, 2):
        engine, address = start_engine(tmp_path, database=database)
        worker = start_worker(tmp_path, address, PROJECT)
        api, url = start_api(tmp_path, address)
        try:
            async with httpx.AsyncClient(base_url=url, timeout=60) as client:
                if round_number == 1:
                    given = {"path": str(ledger), "gate": str(gate)}
                    body = {"workflowName": "ledger", "workflowId": "lasting", "input": given}
                    (await client.post("/workflow/start", json=body)).raise_for_status()
                    await wait_for_line(ledger, "hold")
                else:
                    gate.touch()
                    result = (await client.get("/workflow/lasting/result", params={"wait": 60})).json()
                    assert result["output"] == ["one", "two", "three"]
        finally:
            for process in (worker, api, engine):
                process.kill()


async def test_sigterm_lets_a_running_step_end_within_its_grace_time(engine_address: str, tmp_path: Path) -> None:
    ledger, gate = tmp_path / "ledger.txt", tmp_path / "gate"
    worker = start_worker(
        tmp_path, engine_address, PROJECT, OUTPUT_CATALOG_ID="drain", OUTPUT_WORKER_SHUTDOWN_GRACE="30s"
    )
    api, url = start_api(tmp_path, engine_address, OUTPUT_CATALOG_ID="drain")
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            body = {
                "workflowName": "ledger",
                "workflowId": "drain-1",
                "input": {"path": str(ledger), "gate": str(gate)},
            }
            (await client.post("/workflow/start", json=body)).raise_for_status()
            await wait_for_line(ledger, "hold")
            worker.child.terminate()
            await wait_for_log(worker.log, "worker draining")
            gate.touch()
            assert await asyncio.to_thread(worker.child.wait, 30) == 0
            worker = start_worker(tmp_path, engine_address, PROJECT, OUTPUT_CATALOG_ID="drain")
            result = (await client.get("/workflow/drain-1/result", params={"wait": 60})).json()
    finally:
        worker.stop()
        api.stop()

    assert result["output"] == ["one", "two", "three"]
    holds = [line for line in ledger.read_text().splitlines() if line.startswith("hold")]
    assert len(holds) == 1, "the step was not tried again"


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGINT"])
async def test_an_idle_worker_ends_with_code_0(engine_address: str, tmp_path: Path, signal_name: str) -> None:
    import signal

    worker = start_worker(tmp_path, engine_address, PROJECT, OUTPUT_CATALOG_ID=f"idle-{signal_name}")
    worker.child.send_signal(getattr(signal, signal_name))

    assert await asyncio.to_thread(worker.child.wait, 30) == 0
    assert "Traceback" not in worker.read_log()


async def wait_for_log(log: Path, text: str) -> None:
    """Wait until a process has logged the text."""
    async with asyncio.timeout(60):
        while text not in log.read_text(errors="replace"):
            await asyncio.sleep(0.02)
