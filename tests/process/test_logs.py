"""What a process writes about its work: everything that helps, no secret, no end of a line that a value made."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SECRET = "hunter2-0451-very-secret"
SCRIPT = f"""
import logging, sys
import structlog
from pydantic import SecretStr
from output.config.settings import WorkerSettings, load
from output.process.logs import configure_logs

configure_logs(load(WorkerSettings, env=sys.argv[1]), service="probe")
log = structlog.get_logger("output.probe")
SECRET = {SECRET!r}


def connect(password, body):
    token = SECRET
    error = ConnectionError(f"postgres://app:{{SECRET}}@db/main refused, password={{SECRET}}")
    error.add_note(f"Authorization: Bearer {{SECRET}}")
    raise error


def attempt():
    try:
        connect(SECRET, {{"card": SECRET}})
    except ConnectionError as error:
        raise RuntimeError(f"api_key={{SECRET}} was refused") from error


try:
    attempt()
except RuntimeError:
    log.exception("it failed", token=SECRET, nested={{"db_password": SECRET, "list": [{{"cookie": SECRET}}]}})
    logging.getLogger("library").error("url https://me:%s@host/?token=%s", SECRET, SECRET, exc_info=True)
log.info("value", secret=SecretStr(SECRET), hostile="a\\nb\\x1b[2Jc\\u202ed", long="x" * 100_000)
log.info("x" * 100_000)
activity = {{"activity_type": "order#charge", "attempt": 2, "workflow_id": "w", "workflow_run_id": "r"}}
try:
    attempt()
except RuntimeError as error:
    logging.getLogger("temporalio.activity").warning(
        "Completing activity as failed", extra={{"temporal_activity": activity}}, exc_info=error
    )
"""


def run(mode: str) -> str:
    done = subprocess.run([sys.executable, "-c", SCRIPT, mode], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("mode", ["development", "production"])
def test_no_secret_is_in_any_line(mode: str) -> None:
    assert SECRET not in run(mode)


@pytest.mark.parametrize("mode", ["development", "production"])
def test_every_line_is_bounded_and_free_of_control_characters(mode: str) -> None:
    lines = run(mode).splitlines()

    assert max(map(len, lines)) <= 16 * 1024
    assert any("characters)" in line for line in lines)
    assert not any(character in line for line in lines for character in "\x1b\u202e\x00")


def test_in_production_a_line_is_json_with_the_exception_its_cause_and_its_frames_and_no_locals() -> None:
    first, *_ = map(json.loads, run("production").splitlines())

    assert first["event"] == "it failed"
    outer, inner = first["exception"]
    assert (outer["type"], inner["type"]) == ("RuntimeError", "ConnectionError")
    assert inner["message"].startswith("postgres://***@db/main refused")
    assert all(set(each) == {"type", "message", "frames", "folded"} for each in (outer, inner))


def test_in_development_a_failed_attempt_is_at_most_six_lines_and_names_step_run_and_exception() -> None:
    text = run("development")
    at = text.index("step attempt failed")
    lines = text[at:].splitlines()

    assert len(lines) <= 6
    assert all(part in lines[0] for part in ("step=order#charge", "attempt=2", "run_id=r"))
    assert lines[1].strip() == "RuntimeError: api_key=*** was refused"
    assert any("from ConnectionError" in line for line in lines)
