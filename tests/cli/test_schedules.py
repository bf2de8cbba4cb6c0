"""`output schedule ...` against a real server."""

from __future__ import annotations

import json
from typing import Any

from tests.support.command import Command
from tests.support.waiting import wait_until


def test_a_schedule_is_made_shown_steered_and_removed(output: Command) -> None:
    made = output(
        "schedule", "create", "price_order", "breakfast", "--id", "cli-breakfast", "--cron", "0 6 * * 1-5",
        "--timezone", "Europe/Berlin", "--start", "2090-03-25", "--note", "before work", "--tag", "food",
    )  # fmt: skip
    try:
        paused = output("schedule", "pause", "cli-breakfast", "--note", "holidays")
        shown = output("schedule", "show", "cli-breakfast")
        resumed = output("schedule", "resume", "cli-breakfast")
        output("schedule", "trigger", "cli-breakfast")
        wait_until(lambda: recent(output, "cli-breakfast"), "the triggered run")
        filled = output("schedule", "backfill", "cli-breakfast", "--from", "2090-03-25", "--until", "2090-03-28")
        listed = wait_until(lambda: line_of(output, "cli-breakfast"), "the schedule in the list")
    finally:
        removed = output("schedule", "delete", "cli-breakfast")

    assert [each.code for each in (made, paused, shown, resumed, filled, removed)] == [0] * 6
    assert "0 6 * * 1-5 Europe/Berlin, from Sat 2090-03-25 01:00:00 CET" in made.out
    assert "Mon 2090-03-27 06:00:00 CEST" in made.out  # the clocks went forward on Sunday
    assert '"breakfast"' not in made.out
    assert "coffee" in made.out
    assert all(text in shown.out for text in ("paused", "holidays", "tags", "food", "Next, once it is resumed"))
    assert all(text in listed for text in ("price_order", "0 6 * * 1-5 Europe/Berlin", "2090-03-27"))
    assert removed.out == "cli-breakfast is removed\n"
    assert output("schedule", "show", "cli-breakfast").code == 1


def test_json_is_what_the_server_answers(output: Command) -> None:
    words = ("schedule", "create", "price_order", "breakfast", "--every", "90m", "--paused", "--format", "json")
    made: dict[str, Any] = json.loads(output(*words).out)
    read = json.loads(output("schedule", "show", made["id"], "--format", "json").out)
    removed = output("schedule", "delete", made["id"], "--format", "json")

    assert (made["every"], made["paused"], made["id"][:12]) == ("90m", True, "price_order-")
    assert read == made
    assert json.loads(removed.out) == {}


def test_what_does_not_fit_is_a_sentence(output: Command) -> None:
    none = output("schedule", "create", "price_order", "breakfast")
    span = output("schedule", "create", "price_order", "breakfast", "--every", "soon")
    cron = output("schedule", "create", "price_order", "breakfast", "--cron", "61 * * * *")
    backwards = output("schedule", "backfill", "nobody", "--from", "2026-03-02", "--until", "2026-03-01")

    assert (none.code, span.code, cron.code, backwards.code) == (2, 2, 1, 2)
    assert "give one of cron, every and calendars" in none.err
    assert "every: give milliseconds, or a duration" in span.err
    assert "cron" in cron.err
    assert "--until is before --from" in backwards.err


def recent(output: Command, schedule_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(output("schedule", "show", schedule_id, "--format", "json").out)["recent"]
    return found


def line_of(output: Command, schedule_id: str) -> str:
    return next((line for line in output("schedule", "list").out.splitlines() if line.startswith(schedule_id)), "")
