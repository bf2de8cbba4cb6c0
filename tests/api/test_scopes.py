"""Each route has its scope: the table is whole, and a production server keeps to it."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from httpx import AsyncClient

from output.api.app import RESOURCES
from output.api.scopes import MESSAGE, OPEN, RUN, TABLE, is_open, scope_of, template
from output.security.scopes import check_scope
from output.security.token_file import StoredToken, add_token, remove_token
from output.security.token_hashes import hash_token
from tests.support.processes import Process
from tests.support.servers import start_api
from tests.support.starting import new_id
from tests.support.waiting import eventually

ADMIN = "an-admin-token-of-the-tests"


@dataclass
class Guarded:
    """A server in production with a file of tokens."""

    process: Process
    url: str
    file: Path
    made: dict[str, str] = field(default_factory=dict[str, str])

    def token(self, *scopes: str) -> dict[str, str]:
        """Headers with a token of exactly these scopes."""
        name = "-".join(scopes).replace(":", ".").replace("*", "all")
        if name not in self.made:
            self.made[name] = f"the-token-of-{name}"
            add_token(self.file, StoredToken(name=name, hash=hash_token(self.made[name]), scopes=list(scopes)))
        return {"Authorization": f"Bearer {self.made[name]}"}


@pytest.fixture(scope="module")
def guarded(stack_folder: Path, engine_address: str, contract_worker: None) -> Generator[Guarded]:
    """A server in production whose file of tokens tests may change."""
    file = stack_folder / "scopes.jsonl"
    file.write_text("# none yet\n")
    process, url = start_api(
        stack_folder,
        engine_address,
        OUTPUT_CATALOG_ID="contract",
        OUTPUT_ENV="production",
        OUTPUT_API_HOST="127.0.0.1",
        OUTPUT_API_AUTH_TOKEN=ADMIN,
        OUTPUT_API_TOKENS_FILE=str(file),
    )
    yield Guarded(process, url, file)
    process.stop()


@pytest.fixture
async def http(guarded: Guarded) -> AsyncGenerator[AsyncClient]:
    """A client of that server, without credentials."""
    async with AsyncClient(base_url=guarded.url, timeout=60) as client:
        yield client


def _routes() -> set[tuple[str, str]]:
    return {
        (method, route.path) for resource in RESOURCES for route in resource.router.routes for method in route.methods
    }


def test_no_route_is_without_a_row_of_its_own() -> None:
    missing = sorted(
        f"{method} {template(path)}" for method, path in _routes() if f"{method} {template(path)}" not in TABLE
    )
    assert not missing, f"give them a scope in output/api/scopes.py (until then they take admin): {missing}"


def test_every_row_names_a_scope() -> None:
    for row, scope in TABLE.items():
        assert scope in {OPEN, RUN, MESSAGE} or check_scope(scope), row
        assert row == f"{row.partition(' ')[0]} {template(row.partition(' ')[2])}"


def test_a_route_that_nobody_thought_of_takes_admin() -> None:
    assert scope_of("GET", "/workflow/{workflowId}/secrets") == "admin"
    assert scope_of("DELETE", "/workflow/{workflowId}/status") == "admin"
    assert scope_of("GET", "/workflow/{workflowId:segment}/runs/{runId}/status") == "view"


def test_only_what_the_table_opens_is_open() -> None:
    assert all(is_open(path) for path in ("/health", "/ready", "/approve/abc"))
    assert not any(
        is_open(path) for path in ("/", "/healthy", "/approve", "/approve/a/b", "/workflow/health", "/ready/")
    )


async def test_every_route_refuses_a_token_without_its_scope_and_names_it(guarded: Guarded, http: AsyncClient) -> None:
    others = {
        "view": guarded.token("operate", "run:*", "message:*"),
        "operate": guarded.token("view", "run:*", "message:*"),
        "admin": guarded.token("view", "operate", "run:*", "message:*"),
        RUN: guarded.token("view", "operate", "message:*"),
        MESSAGE: guarded.token("view", "operate", "run:*"),
    }
    for method, path in sorted(_routes()):
        scope = scope_of(method, path)
        if scope == OPEN:
            continue
        reply = await http.request(method, path, headers=others[scope])
        assert (reply.status_code, reply.json()["error"]) == (403, "ForbiddenError"), f"{method} {path}"
        needed = f"{scope}:<workflow>" if scope in {RUN, MESSAGE} else scope
        assert needed in reply.json()["message"]
        assert reply.json()["details"] == {"scope": needed}


async def test_a_token_with_the_scope_may(guarded: Guarded, http: AsyncClient) -> None:
    assert (await http.get("/workflow/runs", headers=guarded.token("view"))).status_code == 200
    stopped = await http.patch("/workflow/nobody/stop", headers=guarded.token("operate"))
    assert stopped.json()["error"] == "WorkflowNotFoundError"
    assert (await http.get("/workflow/runs", headers={"Authorization": f"Bearer {ADMIN}"})).status_code == 200


async def test_a_run_scope_starts_its_workflow_by_name_or_alias_and_no_other(
    guarded: Guarded, http: AsyncClient
) -> None:
    mirror = guarded.token("run:mirror")
    ran = await http.post("/workflow/run", headers=mirror, json={"workflowName": "mirror", "input": 1})
    refused = [
        await http.post(path, headers=mirror, json={"workflowName": name})
        for path in ("/workflow/run", "/workflow/start")
        for name in ("endless", "there-is-none")
    ]
    alias = await http.post("/workflow/run", headers=mirror, json={"workflowName": "looking_glass", "input": 1})

    assert alias.status_code == 200
    assert (ran.status_code, ran.json()["status"]) == (200, "completed")
    assert [(reply.status_code, reply.json()["details"]["scope"]) for reply in refused] == [
        (403, "run:endless"),
        (403, "run:there-is-none"),
    ] * 2


async def test_who_may_run_one_workflow_cannot_take_over_the_run_of_another(
    guarded: Guarded, http: AsyncClient
) -> None:
    admin = {"Authorization": f"Bearer {ADMIN}"}
    name = new_id("endless")
    started = await http.post("/workflow/start", headers=admin, json={"workflowName": "endless", "workflowId": name})
    assert started.status_code == 200
    body = {"workflowName": "mirror", "input": 1, "workflowId": name}
    limited = guarded.token("run:mirror")
    attached = await http.post("/workflow/start", headers=limited, json={**body, "conflictPolicy": "use_existing"})
    replaced = await http.post(
        "/workflow/start", headers=limited, json={**body, "conflictPolicy": "terminate_existing"}
    )
    status = await http.get(f"/workflow/{name}/status", headers=admin)
    await http.post(f"/workflow/{name}/terminate", headers=admin)

    assert (attached.status_code, attached.json()["details"]["scope"]) == (403, "run:endless")
    assert (replaced.status_code, replaced.json()["details"]["scope"]) == (403, "operate")
    assert status.json()["status"] == "running"


async def test_a_message_scope_reaches_runs_of_its_workflow_and_no_other(guarded: Guarded, http: AsyncClient) -> None:
    admin = {"Authorization": f"Bearer {ADMIN}"}
    name = new_id("review")
    await http.post(
        "/workflow/start", headers=admin, json={"workflowName": "review", "workflowId": name, "input": {"title": "x"}}
    )
    for kind in ("query/x", "signal/x", "update/x", "feedback"):
        refused = await http.post(f"/workflow/{name}/{kind}", headers=guarded.token("message:mirror"))
        allowed = await http.post(f"/workflow/{name}/{kind}", headers=guarded.token("message:review"))
        assert (refused.status_code, refused.json()["details"]["scope"]) == (403, "message:review")
        assert allowed.status_code != 403
    await http.post(f"/workflow/{name}/terminate", headers=admin)


async def test_a_refused_start_is_refused_before_its_body_is_read(guarded: Guarded, http: AsyncClient) -> None:
    reply = await http.post("/workflow/run", headers=guarded.token("view"), content=b"{ no json")
    assert (reply.status_code, reply.json()["details"]["scope"]) == (403, "run:<workflow>")


async def test_tokens_come_and_go_without_a_restart_and_a_broken_file_keeps_the_old_ones(
    guarded: Guarded, http: AsyncClient
) -> None:
    token = {"Authorization": "Bearer the-token-of-the-visitor"}

    async def ask() -> int:
        return (await http.get("/workflow/runs", headers=token)).status_code

    assert await ask() == 401
    add_token(guarded.file, StoredToken(name="visitor", hash=hash_token("the-token-of-the-visitor"), scopes=["view"]))
    assert await ask() == 200
    kept = guarded.file.read_text()
    guarded.file.write_text(kept + "{ broken\n")
    assert await ask() == 200
    assert "the file of tokens is broken" in guarded.process.read_log()
    guarded.file.write_text(kept)
    remove_token(guarded.file, "visitor")
    assert await ask() == 401


async def test_hashes_of_scrypt_are_taken_and_expired_tokens_are_not(guarded: Guarded, http: AsyncClient) -> None:
    derived = hashlib.scrypt(b"a-token-of-scrypt", salt=b"salt-of-16-bytes", n=2**14, r=8, p=1, dklen=32)
    salt, result = (base64.b64encode(each).rstrip(b"=").decode() for each in (b"salt-of-16-bytes", derived))
    scrypt = {"name": "s", "hash": f"$scrypt$ln=14,r=8,p=1${salt}${result}", "scopes": ["view"]}
    with guarded.file.open("a") as file:
        file.write(json.dumps(scrypt) + "\n")
    past = datetime.now(UTC) - timedelta(minutes=1)
    hashed = hash_token("a-token-of-yesterday")
    add_token(guarded.file, StoredToken(name="old", hash=hashed, scopes=["admin"], expires=past))

    accepted = await http.get("/workflow/runs", headers={"Authorization": "Bearer a-token-of-scrypt"})
    expired = await http.get("/workflow/runs", headers={"Authorization": "Bearer a-token-of-yesterday"})
    assert (accepted.status_code, expired.status_code) == (200, 401)


async def test_the_access_log_names_the_token_and_never_holds_it(guarded: Guarded, http: AsyncClient) -> None:
    await http.get("/workflow/nobody/status", headers={**guarded.token("view"), "X-Request-ID": "who-asks"})
    await http.get("/workflow/runs", headers={"Authorization": f"Bearer {ADMIN}", "X-Request-ID": "admin-asks"})
    # The line is written once the answer is gone.
    log = await eventually(lambda: log if "admin-asks" in (log := guarded.process.read_log()) else "")
    callers = {
        line["request_id"]: line.get("caller")
        for line in map(json.loads, log.splitlines())
        if line["event"] == "request"
    }

    assert (callers["who-asks"], callers["admin-asks"]) == ("view", "OUTPUT_API_AUTH_TOKEN")
    assert guarded.made["view"] not in log
    assert ADMIN not in log


def test_guesses_are_slowed_down_and_known_tokens_are_not(stack_folder: Path, engine_address: str) -> None:
    process, url = start_api(
        stack_folder,
        engine_address,
        OUTPUT_ENV="production",
        OUTPUT_API_HOST="127.0.0.1",
        OUTPUT_API_AUTH_TOKEN=ADMIN,
    )
    try:
        with httpx.Client(base_url=url, timeout=60) as client:
            started = time.monotonic()
            guesses = [
                client.get("/workflow/x/status", headers={"Authorization": f"Bearer guess-number-{n:08}"})
                for n in range(23)
            ]
            took = time.monotonic() - started
            right = client.get("/openapi.json", headers={"Authorization": f"Bearer {ADMIN}"})
    finally:
        process.stop()

    assert {guess.status_code for guess in guesses} == {401}
    assert took > 0.1 + 0.2 + 0.4  # what the last three had to wait; the machine only adds to it
    assert right.status_code == 200


def test_a_server_starts_with_a_file_of_tokens_alone_and_signs_with_its_hashes(
    stack_folder: Path, engine_address: str, tmp_path: Path
) -> None:
    file = tmp_path / "tokens"
    add_token(file, StoredToken(name="a", hash=hash_token("the-only-token-there-is"), scopes=["view"]))
    process, url = start_api(
        stack_folder,
        engine_address,
        OUTPUT_ENV="production",
        OUTPUT_API_HOST="127.0.0.1",
        OUTPUT_API_TOKENS_FILE=str(file),
    )
    try:
        reply = httpx.get(f"{url}/openapi.json", headers={"Authorization": "Bearer the-only-token-there-is"})
    finally:
        process.stop()
    status = reply.json()["paths"]["/workflow/{workflowId}/status"]["get"]

    assert reply.status_code == 200
    assert status["security"] == [{"bearer": ["view"]}, {"basic": ["view"]}]
    assert "`view`" in status["responses"]["403"]["description"]
