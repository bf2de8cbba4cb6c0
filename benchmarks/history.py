"""History pages: 10,000 events read by one client in pages of 50, one request after the other, and by four at once.

The client is a bare socket, so that the server is what is measured. Figures go to `benchmarks/results/history.json`.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import orjson
import uvloop
from temporalio.client import Client

from benchmarks.figures import print_figures, write_figures
from output.engine.history.events import event_writer
from output.process.exit import leave
from tests.support.histories import Handle, answer_task, marker, signal_many, start_run
from tests.support.processes import Process
from tests.support.servers import start_api, start_engine

EVENTS = 10_000
Figures = dict[str, float]


async def make_run(client: Client, *, batch: int) -> Handle:
    """A closed run of about 10,000 events, of which `batch` at a time were written together."""
    handle = await start_run(client)
    if batch == 1:
        await signal_many(handle, EVENTS, width=50)
    else:
        for _ in range(EVENTS // batch):
            await answer_task(client, handle, [marker(number) for number in range(batch)])
            await handle.signal("again")
    await handle.terminate()
    return handle


async def read_pages(url: str, handle: Handle, *, include_payloads: bool = False) -> int:
    """Read all pages over one connection; the number of events."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**22)
    path = f"/workflow/{handle.id}/history?pageSize=50&runId={handle.first_execution_run_id}"
    path += f"&includePayloads={str(include_payloads).lower()}"
    count, token = 0, ""
    while True:
        target = path + (f"&pageToken={quote(token)}" if token else "")
        writer.write(f"GET {target} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        assert head.startswith(b"HTTP/1.1 200"), body
        count += body.count(b'"eventId":')
        token = orjson.loads(body[-600:].partition(b'"nextPageToken":')[2][:-1]) or ""
        if not token:
            writer.close()
            return count


async def measure_rate(url: str, handles: list[Handle], *, include_payloads: bool = False) -> float:
    """Events a second; one client for each run."""
    started = time.perf_counter()
    counts = await asyncio.gather(*(read_pages(url, handle, include_payloads=include_payloads) for handle in handles))
    return round(sum(counts) / (time.perf_counter() - started))


async def measure_rendering(handle: Handle) -> Figures:
    """Microseconds for one event, from the engine's message to JSON."""
    events = (await handle.fetch_history()).events
    figures: Figures = {}
    for name, included in (("without", False), ("with", True)):
        started = time.perf_counter()
        event_writer(include_payloads=included).write(events)
        figures[f"render_{name}_payloads_us"] = round((time.perf_counter() - started) / len(events) * 1e6, 2)
    return figures


async def measure(address: str, url: str) -> Figures:
    client = await Client.connect(address)
    await read_pages(url, await make_run(client, batch=500))  # warm
    figures: Figures = {}
    for batch in (50, 1):
        handle = await make_run(client, batch=batch)
        figures[f"pages_batches_of_{batch}_events_per_s"] = await measure_rate(url, [handle])
        figures[f"pages_batches_of_{batch}_again_events_per_s"] = await measure_rate(url, [handle])
    handles = [await make_run(client, batch=200) for _ in range(4)]
    figures["pages_four_clients_events_per_s"] = await measure_rate(url, handles)
    figures["pages_with_payloads_events_per_s"] = await measure_rate(url, handles[:1], include_payloads=True)
    return figures | await measure_rendering(handles[0])


def main() -> None:
    """Start a stack, measure, print, write, stop."""
    with tempfile.TemporaryDirectory() as folder:
        processes: list[Process] = []
        try:
            engine, address = start_engine(Path(folder))
            processes.append(engine)
            server, url = start_api(Path(folder), address)
            processes.append(server)
            figures = uvloop.run(measure(address, url))
        finally:
            for process in processes:
                process.kill()
    write_figures("history", figures)
    print_figures(figures)


if __name__ == "__main__":
    main()
    leave(0)
