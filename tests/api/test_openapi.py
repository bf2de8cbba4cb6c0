"""The API's description: complete, OpenAPI 3.1, and true of the running server."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import cast

import pytest
from httpx import AsyncClient
from pydantic import JsonValue

from output.api.app import RESOURCES
from tests.support.starting import start

Json = dict[str, JsonValue]
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


async def _description(api: AsyncClient) -> Json:
    return cast("Json", (await api.get("/openapi.json")).json())


async def test_it_is_openapi_3_1_and_describes_every_route(contract: AsyncClient) -> None:
    described = await _description(contract)
    paths = cast("dict[str, Json]", described["paths"])
    served = {
        (route.path.replace(":segment", ""), method.lower())
        for resource in RESOURCES
        for route in resource.router.routes
        for method in route.methods
        if route.include_in_schema
    }

    assert str(described["openapi"]).startswith("3.1")
    assert {(path, method) for path, methods in paths.items() for method in methods} == served


async def test_every_answer_is_described_with_its_headers_and_no_422_that_nobody_gets(contract: AsyncClient) -> None:
    described = await _description(contract)
    for path, methods in cast("dict[str, dict[str, Json]]", described["paths"]).items():
        for operation in methods.values():
            answers = cast("dict[str, Json]", operation["responses"])
            assert "500" in answers
            assert "422" not in answers or {"HandlerFailedError", "IdempotencyKeyReusedError"} & set(
                re.findall(r"`(\w+)`", str(answers["422"]))
            )
            assert "401" in answers or path in {"/health", "/ready", "/approve/{token}"}
            for status, answer in answers.items():
                headers = cast("Json", answer["headers"])
                assert "X-Request-ID" in headers
                assert ("Retry-After" in headers) == (status in {"429", "503"})
    assert "HTTPValidationError" not in str(described)


async def test_the_streams_events_are_described(contract: AsyncClient) -> None:
    described = await _description(contract)
    paths = cast(
        "dict[str, dict[str, dict[str, dict[str, dict[str, dict[str, dict[str, Json]]]]]]]", described["paths"]
    )
    stream = paths["/workflow/{workflowId}/history/stream"]["get"]["responses"]["200"]["content"]["text/event-stream"]

    assert set(stream["x-events"]) == {"workflow", "history", "done", "server_error"}
    for name in ("StreamOpened", "HistoryEvent", "StreamDone", "StreamError"):
        assert name in cast("dict[str, Json]", described["components"])["schemas"]


async def test_the_reader_loads_nothing_from_elsewhere(contract: AsyncClient) -> None:
    page = (await contract.get("/docs")).text
    script, style = await contract.get("/docs/swagger-ui-bundle.js"), await contract.get("/docs/swagger-ui.css")

    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert script.headers["content-type"].startswith("text/javascript")
    assert style.headers["content-type"].startswith("text/css")
    assert (await contract.get("/docs/other.js")).status_code == 400


@pytest.mark.parametrize("known", [False, True], ids=["on made-up runs", "on runs that exist"])
async def test_the_running_server_does_what_its_description_says(
    contract: AsyncClient, contract_url: str, tmp_path: Path, known: bool
) -> None:
    config = tmp_path / "schemathesis.toml"
    # A run that is open may be waited for up to a minute; how long, other tests ask.
    parameters = '[parameters]\n"query.wait" = 1\n'
    if known:
        ids = await start(contract, "review", {"title": "Emma"})
        await contract.post(f"/workflow/{ids.workflow_id}/signal/close")
        await contract.get(f"/workflow/{ids.workflow_id}/result", params={"wait": 20})  # an open run is waited for
        parameters += (
            f'"path.workflowId" = "{ids.workflow_id}"\n"path.runId" = "{ids.run_id}"\n'
            f'"path.name" = "status"\n"path.catalogId" = "contract"\n'
        )
    config.write_text(parameters)
    words = [
        str(SCHEMATHESIS), "--config-file", str(config), "run", f"{contract_url}/openapi.json",
        f"--phases={'coverage' if known else 'fuzzing'}", "--max-examples=10", "--seed=1", "--workers=1", "--no-color",
        "--exclude-path-regex=/stream$", "--request-timeout=30", "--suppress-health-check=all",
        # What a schema cannot say (page tokens, catalog against taskQueue) is refused as well.
        "--exclude-checks=positive_data_acceptance",
    ]  # fmt: skip
    checking = await asyncio.create_subprocess_exec(
        *words, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(checking.communicate(), 110)

    assert checking.returncode == 0, said.decode()
