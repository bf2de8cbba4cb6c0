"""A workflow that uses everything finishes right although its workers are killed on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from temporalio.client import Client, WorkflowFailureError

from output import has_error_type
from output.engine.payloads.converter import build_data_converter
from tests.support.servers import start_api, start_worker
from tests.support.waiting import eventually, lines, lines_in

PROJECT = Path(__file__).parents[1] / "projects" / "authoring"


class Server:
    """Answers everything with 200 and keeps what it was sent, by path."""

    def __init__(self) -> None:
        self.received: list[tuple[str, object]] = []
        received = self.received

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                received.append((self.path, json.loads(body)))
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"in_stock":true}')

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the standard library's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Generator[Server]:
    started = Server()
    yield started
    started.close()


async def wait_for_path(server: Server, path: str) -> None:
    await eventually(lambda: path in [received for received, _ in server.received], f"a request of {path}")


async def test_a_workflow_that_uses_everything_survives_its_workers(
    engine_address: str, tmp_path: Path, server: Server
) -> None:
    ledger, hooked = tmp_path / "ledger.txt", tmp_path / "hooked.txt"
    variables = {"OUTPUT_CATALOG_ID": "killed", "LEDGER": str(hooked)}
    worker = start_worker(tmp_path, engine_address, PROJECT, **variables)
    api, url = start_api(tmp_path, engine_address, OUTPUT_CATALOG_ID="killed")
    given = {"items": ["lamp", "unicorn", "chair"], "url": server.url, "ledger": str(ledger)}
    try:
        async with httpx.AsyncClient(base_url=url, timeout=90) as client:
            body = {"workflowName": "order", "workflowId": "order-1", "input": given}
            (await client.post("/workflow/start", json=body)).raise_for_status()
            await lines_in(ledger, "reserve", count=1)
            worker.kill()  # while items are reserved
            worker = start_worker(tmp_path, engine_address, PROJECT, **variables)
            await lines_in(ledger, "pack 2", count=1)
            await wait_for_path(server, "/approve")
            worker.kill()  # while it packs and waits to be approved
            feedback = await client.post("/workflow/order-1/feedback", json={"payload": {"by": "Ann"}})
            worker = start_worker(tmp_path, engine_address, PROJECT, **variables)
            result = (await client.get("/workflow/order-1/result", params={"wait": 60})).json()
            receipt = result["output"]["receipt"].split("|")[1]
            (await client.post(f"/workflow/{receipt}/signal/tell", json={})).raise_for_status()
            receipt_result = (await client.get(f"/workflow/{receipt}/result", params={"wait": 60})).json()
    finally:
        worker.stop()
        api.stop()

    assert feedback.status_code == 200, feedback.text
    output = result["output"]
    assert result["status"] == "completed", result["error"]
    assert output["weights"] == [4, 5]
    assert (output["stock"], output["approved"]) == ({"in_stock": True}, {"by": "Ann"})
    assert (output["verdict"], output["refused"], output["failures"]) == ("pass", "OutOfStockError", 1)
    assert receipt_result["output"] == output["token"]
    # At least once: a machine under load may have lost a heartbeat and sent a request anew.
    assert {json.dumps(body) for path, body in server.received if path == "/stock"} == {json.dumps(given["items"])}
    assert {path for path, _ in server.received} == {"/stock", "/approve"}
    packed = [line.split()[1] for line in lines(ledger, "pack")]
    assert packed[-1] == "5"
    assert packed.count("0") == 1, "packing went on where it was"
    told = hooked.read_text().splitlines()
    assert told.count("worker killed Receipt,order,parcel") == 3
    assert told.count("order completed") == 1
    assert f"packed {output['token']}" in told


async def test_the_same_workflow_runs_in_the_engine_s_sandbox(
    engine_address: str, tmp_path: Path, server: Server
) -> None:
    ledger = tmp_path / "ledger.txt"
    variables = {"OUTPUT_CATALOG_ID": "sandboxed", "OUTPUT_WORKFLOW_PROTECTION": "sandbox"}
    worker = start_worker(tmp_path, engine_address, PROJECT, **variables)
    api, url = start_api(tmp_path, engine_address, OUTPUT_CATALOG_ID="sandboxed")
    given = {"items": ["lamp"], "url": server.url, "ledger": str(ledger), "rounds": 0}
    try:
        async with httpx.AsyncClient(base_url=url, timeout=90) as client:
            body = {"workflowName": "order", "workflowId": "order-2", "input": given}
            (await client.post("/workflow/start", json=body)).raise_for_status()
            await wait_for_path(server, "/approve")
            (await client.post("/workflow/order-2/feedback", json={"payload": "yes"})).raise_for_status()
            result = (await client.get("/workflow/order-2/result", params={"wait": 60})).json()
    finally:
        worker.stop()
        api.stop()

    assert result["status"] == "completed", result["error"]
    assert (result["output"]["weights"], result["output"]["refused"]) == ([4], "OutOfStockError")


async def test_the_sandbox_refuses_chance_in_workflow_code(engine_address: str, tmp_path: Path) -> None:
    folder = tmp_path / "project" / "workflows" / "dice"
    folder.mkdir(parents=True)
    (folder / "workflow.py").write_text(
        "import random\n\nimport httpx\n\nfrom output import workflow\n\n\n"
        "@workflow\nasync def dice() -> float:\n    return random.random() + len(httpx.__name__)\n"
    )
    variables = {"OUTPUT_CATALOG_ID": "dice", "OUTPUT_WORKFLOW_PROTECTION": "sandbox"}
    worker = start_worker(tmp_path, engine_address, tmp_path / "project", **variables)
    client = await Client.connect(engine_address, data_converter=build_data_converter())
    try:
        with pytest.raises(WorkflowFailureError) as caught:
            await client.execute_workflow("dice", id="dice-1", task_queue="dice")
    finally:
        worker.stop()

    assert "random" in str(caught.value.cause)
    assert has_error_type(caught.value, "RestrictedWorkflowAccessError")
