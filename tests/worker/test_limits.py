"""Limits of steps over several worker processes: never exceeded, and nothing is lost with a worker that is killed."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import pytest
from httpx import AsyncClient

from tests.support.processes import Process
from tests.support.servers import start_api, start_worker
from tests.support.starting import new_id, start
from tests.support.waiting import eventually

PROJECT = Path(__file__).parents[1] / "projects" / "limited"
CATALOG = "limited"


@pytest.fixture(scope="module")
def workers(stack_folder: Path, engine_address: str) -> Generator[list[Process]]:
    """Three workers of one project; tests may kill some."""
    found = [start_worker(stack_folder, engine_address, PROJECT, OUTPUT_CATALOG_ID=CATALOG) for _ in range(3)]
    yield found
    for worker in found:
        worker.kill()


@pytest.fixture(scope="module")
async def limited(stack_folder: Path, engine_address: str, workers: list[Process]) -> AsyncGenerator[AsyncClient]:
    """A client of a server before them."""
    process, url = start_api(stack_folder, engine_address, OUTPUT_CATALOG_ID=CATALOG)
    async with httpx.AsyncClient(base_url=url, timeout=90) as client:
        yield client
    process.stop()


def _lines(file: Path) -> list[tuple[str, float, int]]:
    lines = (line.split() for line in file.read_text().splitlines()) if file.exists() else ()
    return sorted(((what, float(at), int(pid)) for what, at, pid in lines), key=lambda line: line[1])


def _most(lines: list[tuple[str, float, int]], suffix: str = "") -> int:
    most = running = 0
    for what, _, _ in lines:
        running += (what == f"begin{suffix}") - (what == f"end{suffix}")
        most = max(most, running)
    return most


async def _run(limited: AsyncClient, workflow: str, given: dict[str, object]) -> None:
    body = {"workflowName": workflow, "input": given, "workflowId": new_id(workflow)}
    reply = await limited.post("/workflow/run", json=body)
    assert (reply.status_code, reply.json()["status"]) == (200, "completed"), reply.text


async def test_five_in_flight_are_never_exceeded_and_are_used_by_several_workers(
    limited: AsyncClient, tmp_path: Path
) -> None:
    file = tmp_path / "lines"
    await _run(limited, "works", {"file": str(file), "count": 40, "seconds": 0.2})
    lines = _lines(file)

    assert len(lines) == 80
    assert _most(lines) == 5
    assert len({pid for _, _, pid in lines}) > 1


async def test_ten_a_second_are_ten_a_second_within_a_tenth(limited: AsyncClient, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    await _run(limited, "ticks", {"file": str(file), "count": 60})
    starts = [at for _, at, _ in _lines(file)]

    assert len(starts) == 60
    assert 59 / (starts[-1] - starts[0]) <= 11  # a busy machine may be slower, and must not be quicker


async def test_a_key_has_its_limit_by_itself(limited: AsyncClient, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    await _run(limited, "serves", {"file": str(file), "tenants": ["a", "b", "c"] * 4})
    lines = _lines(file)

    assert [_most(lines, f"-{tenant}") for tenant in "abc"] == [1, 1, 1]
    assert _most([(what.partition("-")[0], at, pid) for what, at, pid in lines]) > 1


async def test_slots_of_a_killed_worker_come_back(limited: AsyncClient, workers: list[Process], tmp_path: Path) -> None:
    file = tmp_path / "lines"
    ids = await start(limited, "works", {"file": str(file), "count": 20, "seconds": 0.5})
    await eventually(lambda: len({pid for _, _, pid in _lines(file)}) > 1)
    victim = next(worker for worker in workers if worker.pid in {pid for _, _, pid in _lines(file)})
    victim.kill()
    killed_at = time.time()
    reply = await limited.get(f"/workflow/{ids.workflow_id}/result", params={"wait": 60})
    lines = _lines(file)
    cut_off = _most([line for line in lines if line[2] == victim.pid])
    ends = sum(what == "begin" for what, _, pid in lines if pid == victim.pid) - sum(
        what == "end" for what, _, pid in lines if pid == victim.pid
    )

    async def all_slots_are_used() -> bool:
        again = tmp_path / new_id("lines")
        await _run(limited, "works", {"file": str(again), "count": 12, "seconds": 0.3})
        return _most(_lines(again)) == 5

    assert (reply.status_code, reply.json()["status"]) == (200, "completed")
    assert cut_off >= 1
    assert _most(sorted([*lines, *[("end", killed_at, victim.pid)] * ends], key=lambda line: line[1])) <= 5
    await eventually(all_slots_are_used, "the end of the dead worker's lease")
