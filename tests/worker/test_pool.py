"""Several worker processes under one command."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
import psutil

from tests.support.processes import Process, clean_environment
from tests.support.servers import SAMPLE, start_api
from tests.support.waiting import eventually, text_in

PAGES = {"pages": [{"url": "a", "text": "to be or not to be"}]}


def start_workers(folder: Path, address: str, count: int) -> Process:
    environment = clean_environment(TEMPORAL_ADDRESS=address, OUTPUT_CATALOG_ID="many")
    words = [sys.executable, "-m", "output.worker", "--project", str(SAMPLE), "--processes", str(count)]
    return Process(words, log=folder / "workers.log", environment=environment)


async def wait_for_children(parent: Process, count: int, *, other_than: frozenset[int] = frozenset()) -> frozenset[int]:
    """Wait until the parent has that many children, none of them an old one."""

    def look() -> frozenset[int]:
        found = frozenset(child.pid for child in psutil.Process(parent.pid).children())
        return found if len(found) == count and not found & other_than else frozenset()

    return await eventually(look, f"{count} worker processes")


async def test_a_worker_process_that_dies_is_replaced_and_all_stop_together(
    engine_address: str, tmp_path: Path
) -> None:
    workers = start_workers(tmp_path, engine_address, 2)
    api, url = start_api(tmp_path, engine_address, OUTPUT_CATALOG_ID="many")
    try:
        first = await wait_for_children(workers, 2)
        await text_in(workers.log, "worker ready")
        victim = min(first)
        os.kill(victim, signal.SIGKILL)
        await wait_for_children(workers, 2, other_than=frozenset({victim}))
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            reply = await client.post("/workflow/run", json={"workflowName": "digest", "input": PAGES})
        children = psutil.Process(workers.pid).children()
        code = await asyncio.to_thread(workers.stop, seconds=40)
    finally:
        api.stop()
        if workers.child.poll() is None:
            workers.kill()

    assert reply.json()["output"]["total"] == 6
    assert code == 0
    assert not any(child.is_running() for child in children)


async def test_workers_that_cannot_start_end_the_command_with_their_reason(engine_address: str, tmp_path: Path) -> None:
    (tmp_path / "workflows" / "broken").mkdir(parents=True)
    (tmp_path / "workflows" / "broken" / "workflow.py").write_text("import nothing_of_that_name\n")
    environment = clean_environment(TEMPORAL_ADDRESS=engine_address)
    words = [sys.executable, "-m", "output.worker", "--project", str(tmp_path), "--processes", "2"]
    workers = Process(words, log=tmp_path / "workers.log", environment=environment)

    assert await asyncio.to_thread(workers.child.wait, 60) == 1
    assert "nothing_of_that_name" in workers.read_log()


async def test_zero_processes_are_wrong_usage(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "output.worker", "--project", str(SAMPLE), "--processes", "0"]
    workers = Process(words, log=tmp_path / "workers.log", environment=clean_environment())

    assert await asyncio.to_thread(workers.child.wait, 60) == 2
    assert "1 or more" in workers.read_log()
