"""Development is not open to the web: which hosts, pages and bodies are served where nobody needs a token."""

from __future__ import annotations

from pathlib import Path

import pytest
from httpx import AsyncClient

from output.security.loopback import host_name, is_loopback, is_loopback_origin
from tests.support.servers import start_api

EVIL = "https://evil.example"
CROSS_SITE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
TERMINATE = "/workflow/nobody-has-this-id/terminate"
START = b'{"workflowName": "nothing_of_this_name"}'
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:3001", "localhost.evil.example", "192.168.1.7", "[::2]"]
)
async def test_a_host_that_is_not_this_machine_is_not_served(contract: AsyncClient, host: str) -> None:
    response = await contract.get("/workflow/runs", headers={"host": host})

    assert (response.status_code, response.json()["error"]) == (403, "HostNotAllowedError")
    assert "OUTPUT_API_ALLOWED_HOSTS" in response.json()["message"]


@pytest.mark.parametrize(
    "host", ["localhost:3001", "LOCALHOST", "app.localhost", "127.0.0.1", "127.8.8.8:80", "[::1]:3001"]
)
async def test_every_loopback_name_is_served(contract: AsyncClient, host: str) -> None:
    assert (await contract.get("/health", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "error"),
    [
        ("POST", "/workflow/start", {"content-type": "text/plain"}, START, "UnsupportedMediaTypeError"),
        ("POST", "/workflow/start", {}, START, "UnsupportedMediaTypeError"),
        ("POST", TERMINATE, {"content-type": "application/x-www-form-urlencoded"}, b"", "UnsupportedMediaTypeError"),
        ("POST", TERMINATE, {"content-type": "multipart/form-data; boundary=x"}, b"--x--", "UnsupportedMediaTypeError"),
        ("POST", TERMINATE, {"origin": EVIL}, b"", "OriginNotAllowedError"),
        ("POST", TERMINATE, {"origin": "null"}, b"", "OriginNotAllowedError"),
        ("POST", TERMINATE, CROSS_SITE, b"", "OriginNotAllowedError"),
        ("POST", "/workflow/start", {**JSON, **CROSS_SITE, "origin": EVIL}, START, "OriginNotAllowedError"),
        ("GET", "/workflow/runs", CROSS_SITE, b"", "OriginNotAllowedError"),
    ],
)
async def test_what_a_page_of_another_site_sends_without_a_preflight_is_refused(
    contract: AsyncClient, *, method: str, path: str, headers: dict[str, str], body: bytes, error: str
) -> None:
    response = await contract.request(method, path, headers=headers, content=body)

    assert (response.status_code, response.json()["error"]) == (415 if "Media" in error else 403, error)


@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        ("POST", "/workflow/start", JSON, START),
        ("POST", TERMINATE, {}, b""),
        ("POST", TERMINATE, JSON, b""),
        ("POST", TERMINATE, {"sec-fetch-site": "same-origin"}, b""),
        ("POST", TERMINATE, {"origin": "http://localhost:5173", **CROSS_SITE}, b""),
    ],
)
async def test_programs_and_pages_of_this_machine_are_served(
    contract: AsyncClient, *, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    response = await contract.request(method, path, headers=headers, content=body)

    assert (response.status_code, response.json()["error"]) == (404, "WorkflowNotFoundError")


async def test_a_link_from_another_site_to_a_page_of_ours_is_followed(contract: AsyncClient) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}

    assert (await contract.get("/docs", headers=link)).status_code == 200


async def test_the_headers_of_cors_go_to_loopback_origins_alone(contract: AsyncClient) -> None:
    for origin, allowed in {
        "http://localhost:5173": True,
        "http://127.0.0.1:8080": True,
        "http://[::1]:1": True,
        EVIL: False,
        "http://localhost.evil.example": False,
        "null": False,
    }.items():
        response = await contract.get("/health", headers={"origin": origin})
        assert response.headers.get("access-control-allow-origin") == (origin if allowed else None)


async def test_hosts_are_named_and_listening_everywhere_is_told_in_one_line(
    stack_folder: Path, engine_address: str
) -> None:
    process, url = start_api(
        stack_folder, engine_address, OUTPUT_API_HOST="0.0.0.0", OUTPUT_API_ALLOWED_HOSTS="api, other:80"
    )
    url = url.replace("0.0.0.0", "127.0.0.1")
    try:
        async with AsyncClient(base_url=url) as http:
            answers = [
                (await http.get("/health", headers={"host": host})).status_code
                for host in ("api:3001", "other", "localhost", "evil.example")
            ]
    finally:
        process.stop()

    assert answers == [200, 200, 200, 403]
    lines = [line for line in process.read_log().splitlines() if "without a token" in line]
    assert len(lines) == 1


def test_names_are_read_as_a_browser_would() -> None:
    assert [host_name(host) for host in ("A.b:1", "[::1]:3001", "x@y", "", "[::")] == ["a.b", "::1", "y", "", ""]
    assert not any(map(is_loopback, ("", "localhost.com", "128.0.0.1", "127.0.0.1.evil.example", "::2")))
    assert not any(map(is_loopback_origin, ("", "null", "file://localhost", "http://[", "http://127.0.0.1.x")))
