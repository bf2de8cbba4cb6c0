"""`POST /workflow/run` of a one-step workflow beside the SDK's own `execute_workflow` of the same workflow.

Both go to the same engine and the same worker, in turns, in one process; medians are printed and written to
`benchmarks/results/run.json`. HTTP is spoken over plain kept-open sockets, so that the server is measured and not
a client library; what httpx adds is shown beside it. Run it with `make bench` or `python -m benchmarks.run`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from temporalio.client import Client

from benchmarks.figures import print_figures, write_figures
from output.config.settings import EngineSettings, load
from output.engine.connection import connect
from output.process.exit import leave
from tests.support.servers import start_api, start_engine, start_worker

INPUT = {"pages": [{"url": "https://a.example", "text": "to be or not to be"}]}
BODY = json.dumps({"workflowName": "digest", "input": INPUT}).encode()
CONCURRENCY = 32
Call = Callable[[], Awaitable[object]]


async def measure_latency(calls: dict[str, Call], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each call, taken in turns so that both see the same machine."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            started = time.perf_counter()
            await call()
            taken[name].append((time.perf_counter() - started) * 1000)
    return taken


async def measure_throughput(call: Call, *, concurrency: int, total: int) -> float:
    """Runs a second."""
    left = iter(range(total))

    async def client() -> None:
        for _ in left:
            await call()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(concurrency)))
    return total / (time.perf_counter() - started)


async def main() -> None:
    """Start a stack, measure, print, write, stop."""
    with tempfile.TemporaryDirectory() as folder:
        engine, address = start_engine(Path(folder))
        worker = start_worker(Path(folder), address)
        api, url = start_api(Path(folder), address)
        try:
            figures = await _measure(address, url)
        finally:
            for process in (api, worker, engine):
                process.kill()
    write_figures("run", figures)
    print_figures(figures)


class Connection:
    """One kept-open connection that posts `BODY` to `/workflow/run`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        head = (
            "POST /workflow/run HTTP/1.1",
            "host: b",
            "content-type: application/json",
            f"content-length: {len(BODY)}",
        )
        self._request = "\r\n".join(head).encode() + b"\r\n\r\n" + BODY

    async def run(self) -> None:
        """One run, which must complete."""
        self._writer.write(self._request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        answer = await self._reader.readexactly(int(length.partition(b":")[2]))
        assert b'"status":"completed"' in answer, answer


async def connect_all(url: str, count: int) -> list[Connection]:
    """That many open connections."""
    address = httpx.URL(url)
    return [Connection(*await asyncio.open_connection(address.host, address.port)) for _ in range(count)]


async def _measure(address: str, url: str) -> dict[str, float]:
    sdk = (await connect(load(EngineSettings, address=address))).client
    connections = await connect_all(url, CONCURRENCY)
    free = asyncio.Queue[Connection]()
    for connection in connections:
        free.put_nowait(connection)

    async def over_http() -> None:
        connection = await free.get()
        await connection.run()
        free.put_nowait(connection)

    async def with_sdk() -> None:
        await _execute(sdk)

    async with httpx.AsyncClient(base_url=url, timeout=60) as client:

        async def with_httpx() -> None:
            reply = await client.post("/workflow/run", content=BODY, headers={"content-type": "application/json"})
            assert reply.json()["status"] == "completed", reply.text

        calls: dict[str, Call] = {"http": over_http, "httpx": with_httpx, "sdk": with_sdk}
        await measure_latency(calls, 20)  # warm
        taken = await measure_latency(calls, 150)
    p50 = {name: statistics.median(times) for name, times in taken.items()}
    rates: dict[str, list[float]] = {"http": [], "sdk": []}
    for _ in range(3):
        rates["sdk"].append(await measure_throughput(with_sdk, concurrency=CONCURRENCY, total=320))
        rates["http"].append(await measure_throughput(over_http, concurrency=CONCURRENCY, total=320))
    http_rate, sdk_rate = statistics.median(rates["http"]), statistics.median(rates["sdk"])
    return {
        "latency_sdk_p50_ms": round(p50["sdk"], 2),
        "latency_http_p50_ms": round(p50["http"], 2),
        "latency_added_p50_ms": round(p50["http"] - p50["sdk"], 2),
        "latency_added_with_httpx_p50_ms": round(p50["httpx"] - p50["sdk"], 2),
        "throughput_sdk_32_runs_per_s": round(sdk_rate, 1),
        "throughput_http_32_runs_per_s": round(http_rate, 1),
        "throughput_ratio_32": round(http_rate / sdk_rate, 3),
    }


async def _execute(sdk: Client) -> None:
    result: object = await sdk.execute_workflow("digest", INPUT, id=f"bench-{uuid.uuid4().hex}", task_queue="main")
    assert isinstance(result, dict)


if __name__ == "__main__":
    asyncio.run(main())
    leave(0)
