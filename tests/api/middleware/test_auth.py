"""Who may ask, row by row of the contract's section Authentication."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient

from output.api.app import RESOURCES
from output.api.scopes import OPEN, scope_of
from tests.support.processes import Process
from tests.support.servers import start_api
from tests.support.starting import start

TOKENS = ("first-secret-token", "second:sécret-token")


@pytest.fixture(scope="module")
def guarded(stack_folder: Path, engine_address: str, contract_worker: None) -> Generator[tuple[Process, str]]:
    """An API server in production, and its URL."""
    process, url = start_api(
        stack_folder,
        engine_address,
        OUTPUT_CATALOG_ID="contract",
        OUTPUT_ENV="production",
        OUTPUT_API_HOST="127.0.0.1",
        OUTPUT_API_AUTH_TOKEN=" , ".join(TOKENS),
        OUTPUT_API_CORS_ORIGINS="https://app.example.com",
    )
    yield process, url
    process.stop()


@pytest.fixture
async def production(guarded: tuple[Process, str]) -> AsyncGenerator[AsyncClient]:
    """A client of the guarded server, without credentials."""
    async with AsyncClient(base_url=guarded[1], timeout=60) as client:
        yield client


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def _headers(authorization: str) -> dict[bytes, bytes]:
    return {b"Authorization": authorization.encode()}


@pytest.mark.parametrize("token", TOKENS)
async def test_bare_basic_basic_with_any_user_and_bearer_are_accepted_for_every_token(
    production: AsyncClient, token: str
) -> None:
    for authorization in (
        f"Basic {token}",
        _basic(f"anybody:{token}"),
        _basic(f":{token}"),
        f"Bearer {token}",
        f"bearer  {token}",
    ):
        reply = await production.get("/workflow/runs", headers=_headers(authorization))
        assert reply.status_code == 200, authorization


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer wrong",
        "Bearer first-secret-token2",
        "Bearer first-secret-token , second:sécret-token",
        "Basic wrong",
        "Basic !!!",
        "Digest first-secret-token",
        "first-secret-token",
        _basic("first-secret-token"),
        _basic("first-secret-token:anybody"),
        _basic("anybody:wrong"),
    ],
)
async def test_no_or_wrong_credentials_are_a_401_with_www_authenticate(
    production: AsyncClient, authorization: str
) -> None:
    reply = await production.get("/workflow/runs", headers=_headers(authorization) if authorization else {})

    assert (reply.status_code, reply.json()["error"]) == (401, "UnauthorizedError")
    assert "Bearer" in reply.headers["www-authenticate"]
    assert reply.headers["x-request-id"]


async def test_every_endpoint_but_health_and_ready_wants_credentials(production: AsyncClient) -> None:
    paths: set[tuple[str, str]] = {
        ("GET", "/nope"),
        ("GET", "/docs/swagger-ui.css"),
        ("POST", "/workflow/nope/feedback"),
    }
    for resource in RESOURCES:
        for route in resource.router.routes:
            # Open by the table: probes, links of approvals, and the console's files and login.
            paths |= {(method, route.path) for method in route.methods if scope_of(method, route.path) != OPEN}
    for method, path in sorted(paths):
        reply = await production.request(method, path)
        assert reply.status_code == 401, f"{method} {path}"
    for path in ("/health", "/ready"):
        assert (await production.get(path)).status_code == 200


async def test_credentials_are_checked_before_the_body_is_read(guarded: tuple[Process, str]) -> None:
    address = urlsplit(guarded[1])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = "POST /workflow/run HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n"
    writer.write(head.encode())  # and no body at all
    status = await asyncio.wait_for(reader.readline(), 20)
    writer.close()

    assert b" 401 " in status


async def test_cors_headers_are_on_401s_too_and_preflights_need_no_credentials(production: AsyncClient) -> None:
    origin = {"Origin": "https://app.example.com"}
    refused = await production.get("/workflow/runs", headers=origin)
    preflight = await production.options(
        "/workflow/x/stop",
        headers={
            **origin,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    stranger = await production.get("/health", headers={"Origin": "https://evil.example.com"})

    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == origin["Origin"]
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == "authorization"
    assert "access-control-allow-origin" not in stranger.headers
    assert "Origin" in stranger.headers["vary"]


async def test_a_stream_token_opens_the_stream_of_its_run_and_nothing_else(production: AsyncClient) -> None:
    production.headers["Authorization"] = f"Bearer {TOKENS[0]}"
    ids, other = await start(production, "mirror", 1), await start(production, "mirror", 1)
    path = f"/workflow/{ids.workflow_id}"
    assert (await production.get(f"{path}/result", params={"wait": 20})).status_code == 200
    token = (await production.post(f"{path}/history/stream-token")).json()["token"]
    del production.headers["Authorization"]

    opened = await production.get(f"{path}/history/stream", params={"token": token})
    refused = [
        await production.get(f"{path}/history", params={"token": token}),
        await production.get(f"/workflow/{other.workflow_id}/history/stream", params={"token": token}),
        await production.get(f"{path}/history/stream", params={"token": token + "x"}),
        await production.post(f"{path}/history/stream-token", params={"token": token}),
    ]

    assert opened.status_code == 200
    assert "event: done" in opened.text
    assert [reply.status_code for reply in refused] == [401] * 4


async def test_no_token_and_no_payload_is_ever_logged(guarded: tuple[Process, str], production: AsyncClient) -> None:
    headers = _headers(f"Bearer {TOKENS[0]}")
    await production.get("/workflow/x/history/stream", params={"token": "stream-token-in-query"})
    body = {"workflowName": "mirror", "input": "payload-in-body"}
    assert (await production.post("/workflow/run", json=body, headers=headers)).status_code == 200
    log = guarded[0].read_log()

    assert "/history/stream" in log
    assert not [secret for secret in (*TOKENS, "stream-token-in-query", "payload-in-body") if secret in log]


async def test_a_development_server_is_open(contract: AsyncClient) -> None:
    assert (await contract.get("/workflow/runs")).status_code == 200


async def test_answers_for_somebody_are_not_kept_and_none_is_taken_for_another_type(production: AsyncClient) -> None:
    own = await production.get("/workflow/runs", headers=_headers(f"Bearer {TOKENS[0]}"))
    open_to_all = await production.get("/health")

    assert (own.headers["cache-control"], own.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert open_to_all.headers["x-content-type-options"] == "nosniff"
