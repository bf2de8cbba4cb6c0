"""Stream tokens: they open one run's stream for a while, and nothing else."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from temporalio.client import Client

from output.api.sse.tokens import StreamTokens
from output.models.references import RunRef
from tests.support.histories import start_run
from tests.support.processes import Process
from tests.support.servers import start_api
from tests.support.streams import open_stream

RUN = RunRef("invoice/7", "0190f3c8-0000-7000-8000-000000000000")
TTL = timedelta(minutes=5)


@dataclass(frozen=True)
class Production:
    process: Process
    url: str


@pytest.fixture(scope="module")
async def production(engine_address: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Production]:
    """A server in production with two valid tokens."""
    process, url = await asyncio.to_thread(
        start_api,
        tmp_path_factory.mktemp("production"),
        engine_address,
        OUTPUT_ENV="production",
        OUTPUT_API_HOST="127.0.0.1",
        OUTPUT_API_AUTH_TOKEN="new-token-of-tokens,old-token-of-tokens",
    )
    yield Production(process, url)
    await asyncio.to_thread(process.stop)


def test_a_token_opens_its_run_by_workflow_and_by_run() -> None:
    tokens = StreamTokens(["secret"], ttl=TTL)
    token = tokens.issue(RUN).token

    assert tokens.opens(token, RUN) == RUN
    assert tokens.opens(token, RunRef(RUN.workflow_id)) == RUN


def test_a_token_opens_no_other_workflow_or_run() -> None:
    tokens = StreamTokens(["secret"], ttl=TTL)
    token = tokens.issue(RUN).token

    assert tokens.opens(token, RunRef("other")) is None
    assert tokens.opens(token, RunRef(RUN.workflow_id, "0190f3c8-0000-7000-8000-000000000001")) is None


def test_a_token_expires() -> None:
    tokens = StreamTokens(["secret"], ttl=timedelta(seconds=-1))

    assert tokens.opens(tokens.issue(RUN).token, RUN) is None


def test_the_key_of_every_valid_secret_is_accepted_and_no_other() -> None:
    old = StreamTokens(["old"], ttl=TTL).issue(RUN).token

    assert StreamTokens(["new", "old"], ttl=TTL).opens(old, RUN) == RUN
    assert StreamTokens(["new"], ttl=TTL).opens(old, RUN) is None
    assert StreamTokens([], ttl=TTL).opens(old, RUN) is None


def test_a_changed_token_opens_nothing() -> None:
    tokens = StreamTokens(["secret"], ttl=TTL)
    token = tokens.issue(RUN).token
    signed = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))

    for place in range(len(signed)):
        changed = signed.copy()
        changed[place] ^= 1
        assert tokens.opens(base64.urlsafe_b64encode(changed).decode().rstrip("="), RUN) is None
    for text in ("", "x", "é", token[:-4], token + "AAAA"):
        assert tokens.opens(text, RUN) is None


async def test_in_production_a_stream_opens_with_credentials_or_with_its_token(
    production: Production, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    path = f"{production.url}/workflow/{handle.id}/history"
    async with httpx.AsyncClient() as http:
        refused = await http.get(f"{path}/stream")
        no_token = await http.post(f"{path}/stream-token")
        issued = await http.post(f"{path}/stream-token", headers={"Authorization": "Bearer old-token-of-tokens"})
    token = issued.json()["token"]

    assert (refused.status_code, refused.json()["error"]) == (401, "UnauthorizedError")
    assert no_token.status_code == 401
    left = datetime.fromisoformat(issued.json()["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=4) < left <= TTL
    for url, headers in (
        (f"{path}/stream?token={token}", {}),
        (
            f"{production.url}/workflow/{handle.id}/runs/{handle.first_execution_run_id}/history/stream?token={token}",
            {},
        ),
        (f"{path}/stream", {"Authorization": "Bearer new-token-of-tokens"}),
    ):
        async with open_stream(url, headers=headers) as stream:
            assert stream.status == 200
            assert (await stream.event("workflow")).data["runId"] == handle.first_execution_run_id


async def test_a_token_is_useless_for_anything_else(production: Production, engine_client: Client) -> None:
    handle, other = await start_run(engine_client), await start_run(engine_client)
    headers = {"Authorization": "Bearer new-token-of-tokens"}
    async with httpx.AsyncClient(base_url=production.url) as http:
        issued = await http.post(f"/workflow/{handle.id}/history/stream-token", headers=headers)
        query = {"token": issued.json()["token"]}
        replies = [
            await http.get(f"/workflow/{other.id}/history/stream", params=query),
            await http.get(f"/workflow/{handle.id}/history", params=query),
            await http.get(f"/workflow/{handle.id}/status", params=query),
            await http.post(f"/workflow/{handle.id}/history/stream-token", params=query),
            await http.post(f"/workflow/{handle.id}/terminate", params=query),
            await http.get(f"/workflow/{handle.id}/status", headers={"Authorization": f"Bearer {query['token']}"}),
        ]

    assert [reply.status_code for reply in replies] == [401] * len(replies)


async def test_a_token_stays_with_its_run_when_a_newer_one_exists(
    production: Production, engine_client: Client
) -> None:
    handle = await start_run(engine_client)
    async with httpx.AsyncClient(
        base_url=production.url, headers={"Authorization": "Bearer new-token-of-tokens"}
    ) as http:
        issued = await http.post(f"/workflow/{handle.id}/history/stream-token")
    await handle.terminate()
    await start_run(engine_client, workflow_id=handle.id)

    url = f"{production.url}/workflow/{handle.id}/history/stream?token={issued.json()['token']}"
    async with open_stream(url) as stream:
        opening = await stream.event("workflow")

    assert opening.data["runId"] == handle.first_execution_run_id


async def test_a_token_is_not_logged(production: Production, engine_client: Client) -> None:
    handle = await start_run(engine_client)
    async with httpx.AsyncClient(
        base_url=production.url, headers={"Authorization": "Bearer new-token-of-tokens"}
    ) as http:
        issued = await http.post(f"/workflow/{handle.id}/history/stream-token")
        token = issued.json()["token"]
        await http.get(f"/workflow/{handle.id}/history/stream", params={"token": token, "lastEventId": "9"})

    log = production.process.read_log()
    assert handle.id in log
    assert token not in log
    assert "new-token-of-tokens" not in log


async def test_a_token_for_an_unknown_workflow_is_404(bare_api_url: str) -> None:
    async with httpx.AsyncClient() as http:
        reply = await http.post(f"{bare_api_url}/workflow/nobody/history/stream-token")

    assert (reply.status_code, reply.json()["error"]) == (404, "WorkflowNotFoundError")
