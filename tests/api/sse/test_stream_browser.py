"""A real Chromium follows a run from a page of another origin, across a restart of the API server."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from temporalio.client import Client

from tests.support.browser import open_browser
from tests.support.histories import start_run
from tests.support.processes import Process, clean_environment, free_port, start_ready

if TYPE_CHECKING:
    from playwright.async_api import Page

PAGE = """<!doctype html><title>run</title><script>
window.ids = []; window.opened = 0; window.done = null;
const source = new EventSource(new URLSearchParams(location.search).get("stream"));
source.addEventListener("workflow", () => { window.opened += 1; });
source.addEventListener("history", e => {
  for (const event of JSON.parse(e.data)) window.ids.push(Number(event.eventId));
});
source.addEventListener("done", e => { window.done = JSON.parse(e.data).reason; });
window.state = () => source.readyState;
</script>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the standard library's name
        del format, args


@contextmanager
def serve_page(folder: Path, page: str = PAGE) -> Generator[str]:
    """The page's own server: another origin than the API's."""
    (folder / "index.html").write_text(page)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@asynccontextmanager
async def open_page() -> AsyncGenerator[Page]:
    """A page of a real browser; the test is skipped where there is none."""
    async with open_browser() as browser:
        yield await browser.new_page()


@dataclass
class Server:
    """An API server that comes back on the port that it had."""

    folder: Path
    environment: dict[str, str]
    process: Process | None = None

    async def start(self) -> None:
        log = self.folder / f"api-{free_port()}.log"
        words = [sys.executable, "-m", "output.api"]
        ready = await asyncio.to_thread(start_ready, words, log=log, environment=self.environment)
        self.process = ready.process

    async def stop(self) -> None:
        if self.process is not None:
            await asyncio.to_thread(self.process.stop)


@pytest.mark.parametrize("is_production", [False, True], ids=["development", "production"])
async def test_a_browser_follows_a_run_across_a_restart_of_the_server(
    engine_address: str, engine_client: Client, tmp_path: Path, *, is_production: bool
) -> None:
    handle = await start_run(engine_client)
    port = free_port()
    path = f"/workflow/{handle.id}/runs/{handle.first_execution_run_id}/history/stream"
    stream = f"http://127.0.0.1:{port}{path}"
    pages = tmp_path / "pages"
    pages.mkdir()
    async with open_page() as page:
        with serve_page(pages) as origin:
            environment = clean_environment(TEMPORAL_ADDRESS=engine_address, OUTPUT_API_PORT=str(port))
            if is_production:
                environment |= {"OUTPUT_ENV": "production", "OUTPUT_API_AUTH_TOKEN": "open-sesame-please"}
                environment |= {"OUTPUT_API_CORS_ORIGINS": origin, "OUTPUT_API_HOST": "127.0.0.1"}
            server = Server(tmp_path, environment)
            await server.start()
            try:
                if is_production:
                    stream += f"?token={await fetch_token(port, path)}"
                await page.goto(f"{origin}/?stream={stream}")
                await page.wait_for_function("ids.length >= 2")
                await handle.signal("tick")
                await page.wait_for_function("ids.length >= 3")

                await server.stop()
                for _ in range(5):
                    await handle.signal("tick")  # nobody serves: the browser has to catch up
                await server.start()
                await page.wait_for_function("ids.length >= 8")
                await handle.terminate()
                await page.wait_for_function("done !== null")
                await page.wait_for_function("state() === EventSource.CLOSED")  # 204: it stops asking

                assert await page.evaluate("ids") == list(range(1, 10))
                assert await page.evaluate("done") == "WORKFLOW_EXECUTION_TERMINATED"
                assert await page.evaluate("opened") == 2
            finally:
                await server.stop()


async def fetch_token(port: int, path: str) -> str:
    """A stream token, as a page's own server would fetch it for the page."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        reply = await http.post(
            path.removesuffix("/stream") + "/stream-token", headers={"Authorization": "Bearer open-sesame-please"}
        )
    token: str = reply.json()["token"]
    return token
