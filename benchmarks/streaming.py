"""Live streams: from the engine's commit to clients' sockets, many viewers of one run, many runs, replays, memory.

An event's latency is the time between the engine's own stamp and the bytes in a client's socket, so it holds the
engine's write too; the stamp is read in whole milliseconds, so a figure is up to 1 ms too high. Engine, server and all
clients share the machine. Figures go to `benchmarks/results/streaming.json`.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import psutil
import uvloop
from temporalio.client import Client

from benchmarks.figures import print_figures, write_figures
from output.dev.dev_server import command, find_binary
from output.process.exit import leave
from tests.support.histories import Handle, answer_task, marker, signal_many, start_run
from tests.support.processes import Process, clean_environment, free_port
from tests.support.servers import start_api

VIEWERS = 1_000
RUNS = 500
_ID = re.compile(rb"^id: (\d+)$", re.MULTILINE)
Figures = dict[str, float]


@dataclass
class Watcher(asyncio.Protocol):
    """One viewer: notes when each event's bytes came in, and nothing else."""

    url: str
    arrived: dict[int, float] = field(default_factory=dict[int, float])
    size: int = 0
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    transport: asyncio.Transport | None = None

    async def open(self) -> None:
        """Connect, and wait for the first event."""
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        await asyncio.get_running_loop().create_connection(lambda: self, parts.hostname, parts.port)
        await self.opened.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        parts = urlsplit(self.url)
        self.transport.write(f"GET {parts.path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        now = time.time()
        self.size += len(data)
        for found in _ID.findall(data):
            self.arrived[int(found)] = now
            self.opened.set()
        if b"event: done" in data:
            self.ended.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.opened.set()
        self.ended.set()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()


@dataclass(frozen=True)
class Stack:
    """An engine with its metrics, an API server, and a client of the engine."""

    client: Client
    url: str
    api: psutil.Process
    engine: psutil.Process
    metrics: str

    def stream(self, handle: Handle) -> Watcher:
        return Watcher(f"{self.url}/workflow/{handle.id}/runs/{handle.first_execution_run_id}/history/stream")

    def polls(self) -> int:
        """Long polls that the engine holds now."""
        with urllib.request.urlopen(self.metrics) as reply:
            text = cast("bytes", reply.read()).decode()
        name = 'service_pending_requests{namespace="default",operation="PollWorkflowExecutionHistory"'
        return sum(int(float(line.split()[-1])) for line in text.splitlines() if line.startswith(name))

    def rss(self) -> int:
        return self.api.memory_info().rss


def latencies(watchers: list[Watcher], stamps: dict[int, float], *, after: int) -> list[float]:
    """Milliseconds from the engine's stamp to the socket, of all events after an ID and all viewers."""
    return sorted(
        (arrived - stamps[event_id]) * 1000
        for watcher in watchers
        for event_id, arrived in watcher.arrived.items()
        if event_id > after
    )


async def read_stamps(handle: Handle) -> dict[int, float]:
    """When the engine stamped each event, seconds since the epoch."""
    history = await handle.fetch_history()
    return {event.event_id: event.event_time.ToNanoseconds() / 1e9 for event in history.events}


def percentiles(name: str, taken: list[float]) -> Figures:
    points = statistics.quantiles(taken, n=100)
    return {f"{name}_p50_ms": round(points[49], 1), f"{name}_p99_ms": round(points[98], 1)}


async def measure_one_run(stack: Stack, name: str, *, viewers: int, events: int, pace: float) -> Figures:
    """Viewers of one run that has an event every `pace` seconds."""
    handle = await start_run(stack.client)
    idle_rss = stack.rss()
    watchers = [stack.stream(handle) for _ in range(viewers)]
    for start in range(0, viewers, 100):
        await asyncio.gather(*(watcher.open() for watcher in watchers[start : start + 100]))
    await asyncio.sleep(2)
    figures: Figures = {f"{name}_polls": stack.polls()}
    if viewers > 1:
        figures[f"{name}_kb_per_idle_viewer"] = round((stack.rss() - idle_rss) / viewers / 1024, 1)
    cpu, started = stack.api.cpu_times(), time.perf_counter()
    for number in range(events):
        await handle.signal("tick", number)
        await asyncio.sleep(pace)
    await asyncio.sleep(1)
    used = stack.api.cpu_times()
    figures[f"{name}_api_cpu_percent"] = round(
        (used.user + used.system - cpu.user - cpu.system) / (time.perf_counter() - started) * 100, 1
    )
    assert all(max(watcher.arrived) == events + 2 for watcher in watchers)
    taken = latencies(watchers, await read_stamps(handle), after=2)
    for watcher in watchers:
        watcher.close()
    await handle.terminate()
    return {**percentiles(name, taken), **figures}


async def measure_many_runs(stack: Stack) -> Figures:
    """One viewer each of many runs, each of which has an event every five seconds."""
    handles = [await start_run(stack.client) for _ in range(RUNS)]
    idle_rss = stack.rss()
    watchers = [stack.stream(handle) for handle in handles]
    for start in range(0, RUNS, 50):
        await asyncio.gather(*(watcher.open() for watcher in watchers[start : start + 50]))
    await asyncio.sleep(2)
    polls = stack.polls()
    before = [sum(process.cpu_times()[:2]) for process in (stack.api, stack.engine)]
    started = time.perf_counter()
    for _ in range(3):
        for handle in handles:
            await handle.signal("tick")
            await asyncio.sleep(max(0.0, 5 / RUNS - 0.003))
    await asyncio.sleep(2)
    seconds = time.perf_counter() - started
    after = [sum(process.cpu_times()[:2]) for process in (stack.api, stack.engine)]
    api_cpu, engine_cpu = ((now - then) / seconds * 100 for then, now in zip(before, after, strict=True))
    rss = stack.rss() - idle_rss
    taken: list[float] = []
    for watcher, handle in zip(watchers, handles, strict=True):
        assert max(watcher.arrived) == 5
        taken += latencies([watcher], await read_stamps(handle), after=2)
        watcher.close()
    return {
        **percentiles("runs_500", sorted(taken)),
        "runs_500_polls": polls,
        "runs_500_events_per_s": round(3 * RUNS / seconds, 1),
        "runs_500_kb_per_run": round(rss / RUNS / 1024, 1),
        "runs_500_api_cpu_percent": round(api_cpu, 1),
        "runs_500_engine_cpu_percent": round(engine_cpu, 1),
    }


async def measure_replay(stack: Stack, *, batch: int) -> Figures:
    """A closed run of 10,000 events, of which `batch` at a time were written together; the best of some runs."""
    rates: list[float] = []
    again: list[float] = []
    for _ in range(1 if batch == 1 else 3):
        handle = await start_run(stack.client)
        if batch == 1:
            await signal_many(handle, 10_000, width=50)
        else:
            for _ in range(10_000 // batch):
                await answer_task(stack.client, handle, [marker(number) for number in range(batch)])
                await handle.signal("again")
        await handle.terminate()
        for taken in (rates, again):
            watcher = stack.stream(handle)
            started = time.perf_counter()
            await watcher.open()
            await watcher.ended.wait()
            taken.append(max(watcher.arrived) / (time.perf_counter() - started))
            watcher.close()
    return {
        f"replay_batches_of_{batch}_events_per_s": round(max(rates)),
        f"replay_batches_of_{batch}_again_events_per_s": round(max(again)),
    }


async def measure(address: str, url: str, api: int, engine: int, metrics: str) -> Figures:
    client = await Client.connect(address)
    stack = Stack(client, url, psutil.Process(api), psutil.Process(engine), metrics)
    await measure_one_run(stack, "warm_up", viewers=1, events=50, pace=0.01)
    return {
        **await measure_one_run(stack, "viewer_1", viewers=1, events=500, pace=0.02),
        **await measure_one_run(stack, f"viewers_{VIEWERS}", viewers=VIEWERS, events=100, pace=0.1),
        **await measure_many_runs(stack),
        **await measure_replay(stack, batch=50),
        **await measure_replay(stack, batch=1),
    }


def main() -> None:
    """Start a stack, measure, print, write, stop."""
    binary = find_binary()
    assert binary is not None
    with tempfile.TemporaryDirectory() as name:
        folder, port, metrics = Path(name), free_port(), free_port()
        words = [*command(binary, port=port, database=None), "--metrics-port", str(metrics)]
        engine = Process(words, log=folder / "engine.log", environment=clean_environment())
        processes = [engine]
        try:
            server, url = start_api(folder, f"127.0.0.1:{port}")
            processes.append(server)
            metrics_url = f"http://127.0.0.1:{metrics}/metrics"
            figures = uvloop.run(measure(f"127.0.0.1:{port}", url, server.pid, engine.pid, metrics_url))
        finally:
            for process in processes:
                process.kill()
    write_figures("streaming", figures)
    print_figures(figures)


if __name__ == "__main__":
    main()
    leave(0)
