"""What holds on every answer: request ID, CORS headers, the error shape; and one log line for each request."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from httpx import AsyncClient

from tests.support.servers import start_api

PAGE = "http://localhost:5173"
JSON = {"content-type": "application/json"}
MEDIA_TYPE = "UnsupportedMediaTypeError"
FORM = {"content-type": "application/x-www-form-urlencoded"}
XML = {"content-type": "text/xml"}
HUGE = b'"' + b"x" * 3_000_000 + b'"'
LONG = "x" * 256
FAULTS: list[tuple[str, str, str, dict[str, str], bytes, int, str]] = [
    ("an unknown route", "GET", "/nope", {}, b"", 404, "NotFoundError"),
    ("an unknown route below a known one", "GET", "/workflow/catalog/a/b", {}, b"", 404, "NotFoundError"),
    ("a path that reads like a catalog", "GET", "/workflow/catalog/status", {}, b"", 404, "WorkflowNotFoundError"),
    ("two trailing slashes", "GET", "/health//", {}, b"", 404, "NotFoundError"),
    ("a broken encoding", "GET", "/workflow/%E0%A4%A/status", {}, b"", 400, "ValidationError"),
    ("a percent sign alone", "GET", "/workflow/100%/status", {}, b"", 400, "ValidationError"),
    ("bytes that are no UTF-8", "GET", "/workflow/%FF/status", {}, b"", 400, "ValidationError"),
    ("a wrong method", "PUT", "/workflow/run", {}, b"", 405, "MethodNotAllowedError"),
    ("a plain OPTIONS", "OPTIONS", "/workflow/run", {}, b"", 405, "MethodNotAllowedError"),
    ("malformed JSON", "POST", "/workflow/run", JSON, b"{", 400, "ValidationError"),
    ("malformed JSON for a message", "POST", "/workflow/x/signal/y", JSON, b"{]", 400, "ValidationError"),
    (
        "a body over the limit",
        "POST",
        "/workflow/run",
        JSON,
        b'"' + b"x" * 3_000_000 + b'"',
        413,
        "PayloadTooLargeError",
    ),
    (
        "a body that is no JSON",
        "POST",
        "/workflow/run",
        {"content-type": "text/xml"},
        b"<a/>",
        415,
        MEDIA_TYPE,
    ),
    (
        "a form",
        "POST",
        "/workflow/x/terminate",
        {"content-type": "application/x-www-form-urlencoded"},
        b"a=1",
        415,
        MEDIA_TYPE,
    ),
    ("an unknown run", "GET", "/workflow/nobody/status", {}, b"", 404, "WorkflowNotFoundError"),
    ("a run ID that is no UUID", "GET", "/workflow/x/runs/7/status", {}, b"", 400, "ValidationError"),
    ("a workflow ID over 255 characters", "GET", f"/workflow/{LONG}/status", {}, b"", 400, "ValidationError"),
    ("an unknown stream", "GET", "/workflow/nobody/history/stream", {}, b"", 404, "WorkflowNotFoundError"),
    ("HEAD of a stream", "HEAD", "/workflow/nobody/history/stream", {}, b"", 405, ""),
]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "error"),
    [row[1:] for row in FAULTS],
    ids=[row[0] for row in FAULTS],
)
async def test_faults_have_the_error_shape_a_request_id_and_cors_headers(
    contract: AsyncClient, *, method: str, path: str, headers: dict[str, str], body: bytes, status: int, error: str
) -> None:
    given = {**headers, "X-Request-ID": "my-id_7", "Origin": PAGE}
    reply = await contract.request(method, path, headers=given, content=body)

    assert reply.status_code == status, reply.text
    if method != "HEAD":
        assert reply.json()["error"] == error
        assert reply.json()["message"]
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-request-id"] == "my-id_7"
    assert reply.headers["access-control-allow-origin"] == PAGE
    exposed = {name.strip() for name in reply.headers["access-control-expose-headers"].split(",")}
    assert exposed == {"X-Request-ID", "Retry-After", "Deprecation", "Link"}
    if status == 405:
        assert reply.headers["allow"]


async def test_a_405_allows_what_all_routes_of_the_path_take(contract: AsyncClient) -> None:
    assert (await contract.put("/workflow/catalog/stop")).headers["allow"] == "GET, HEAD, PATCH"
    assert (await contract.delete("/workflow/runs")).headers["allow"] == "GET, HEAD"
    assert (await contract.get("/workflow/run")).headers["allow"] == "POST"


async def test_a_request_id_that_does_not_fit_is_replaced_by_a_uuid(contract: AsyncClient) -> None:
    for given in ("", "with space", "x" * 129, "a;b", "ü"):
        reply = await contract.get("/health", headers={b"X-Request-ID": given.encode()})
        assert uuid.UUID(reply.headers["x-request-id"])
    kept = await contract.get("/health", headers={"X-Request-ID": "x" * 128})
    assert kept.headers["x-request-id"] == "x" * 128


async def test_head_is_answered_like_get_without_a_body(contract: AsyncClient) -> None:
    for path in ("/health", "/workflow/runs", "/workflow/catalog", "/docs"):
        got, headed = await contract.get(path), await contract.head(path)
        assert (headed.status_code, headed.content) == (200, b"")
        assert headed.headers["content-type"] == got.headers["content-type"]
    assert (await contract.head("/workflow/nobody/status")).status_code == 404


async def test_a_preflight_allows_every_method_that_some_route_uses(contract: AsyncClient) -> None:
    for path in ("/workflow/run", "/nope"):
        reply = await contract.options(path, headers={"Origin": PAGE, "Access-Control-Request-Method": "PATCH"})
        assert reply.status_code == 204
        assert set(reply.headers["access-control-allow-methods"].split(", ")) == {
            "DELETE",
            "GET",
            "PATCH",
            "POST",
            "PUT",
        }
        assert reply.headers["access-control-allow-origin"] == PAGE
        assert reply.headers["x-request-id"]


async def test_what_is_no_http_gets_the_error_shape_too(contract_url: str) -> None:
    address = urlsplit(contract_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"NONSENSE\r\n\r\n")
    head, _, body = (await asyncio.wait_for(reader.read(), 20)).partition(b"\r\n\r\n")
    writer.close()

    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"x-request-id: " in head
    assert json.loads(body)["error"] == "ValidationError"


@pytest.fixture(scope="module")
def production_log(stack_folder: Path, engine_address: str) -> list[dict[str, object]]:
    """The log of a server in production after two requests, a JSON object for each line."""
    process, url = start_api(
        stack_folder,
        engine_address,
        OUTPUT_ENV="production",
        OUTPUT_API_HOST="127.0.0.1",
        OUTPUT_API_AUTH_TOKEN="a-token-of-this-test",
        OUTPUT_API_SERVICE_NAME="my-api",
    )
    headers = {"Authorization": "Bearer a-token-of-this-test", "X-Request-ID": "mine"}
    httpx.get(f"{url}/workflow/a%0Ab%2Fc/status?x=1", headers=headers)
    httpx.post(f"{url}/workflow/start", json={"workflowName": "boil"}, headers=headers)
    process.stop()
    return [json.loads(line) for line in process.read_log().splitlines()]


def test_production_logs_json_with_method_path_status_ms_request_id_and_workflow(
    production_log: list[dict[str, object]],
) -> None:
    status, started = (line for line in production_log if line["event"] == "request")

    assert status["path"] == "/workflow/a%0Ab%2Fc/status"
    assert (status["method"], status["status"], status["request_id"]) == ("GET", 404, "mine")
    assert isinstance(status["ms"], float)
    assert started["workflow"] == "boil"
    assert {line["service"] for line in production_log} == {"my-api"}


async def test_development_logs_one_readable_line_for_a_request(contract: AsyncClient, stack_folder: Path) -> None:
    name = f"line-{uuid.uuid4().hex}"
    await contract.get(f"/workflow/{name}/status")
    (line,) = [
        line for file in stack_folder.glob("api-*.log") for line in file.read_text().splitlines() if name in line
    ]

    assert re.search(rf"^\d\d:\d\d:\d\d \[info +\] GET /workflow/{name}/status 404 [\d.]+ ms", line)


async def test_what_only_waits_for_the_server_is_not_logged(contract: AsyncClient, stack_folder: Path) -> None:
    before = sum(file.read_text().count("GET /ready") for file in stack_folder.glob("api-*.log"))
    await contract.get("/ready", headers={"X-Output-Probe": "1"})
    await contract.get("/ready")

    assert sum(file.read_text().count("GET /ready") for file in stack_folder.glob("api-*.log")) == before + 1
