"""Runs started, steered and looked at from the command line, against a real server."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import OUTPUT, Command
from tests.support.made_project import Made
from tests.support.processes import clean_environment
from tests.support.waiting import wait_until

KIM = '{"approver": "Kim", "approved": true}'


def list_runs(output: Command, workflow_id: str, *words: str, count: int) -> list[dict[str, Any]]:
    """The listed runs of an ID; the engine lists a run a moment after it has begun or ended."""
    deadline = time.monotonic() + 60
    while True:
        ended = output("workflow", "runs", "list", "--id", workflow_id, *words, "--format", "json")
        listed: list[dict[str, Any]] = json.loads(ended.out)["runs"]
        if len(listed) >= count or time.monotonic() > deadline:
            return listed
        time.sleep(0.1)


def test_a_scenario_runs_to_its_output_with_progress_on_stderr(output: Command) -> None:
    ended = output("workflow", "run", "price_order", "breakfast")

    assert (ended.code, json.loads(ended.out)["total"]) == (0, "13.55")
    assert ended.err.count("✓ look_up_price") == 3
    assert "✓ write_receipt" in ended.err


def test_json_is_the_whole_result_and_nothing_else(output: Command) -> None:
    ended = output("workflow", "run", "price_order", "breakfast", "--format", "json", "--workflow-id", "json-1")
    again = output("workflow", "result", "json-1", "--format", "json")

    payload = json.loads(ended.out)
    assert (payload["v"], payload["status"], payload["workflowId"]) == ("2", "completed", "json-1")
    assert json.loads(again.out) == payload


def test_a_run_that_fails_exits_with_1_and_says_which_step_failed_and_why(output: Command) -> None:
    ended = output("workflow", "run", "price_order", "unknown_product", "--workflow-id", "moon")

    assert (ended.code, ended.out) == (1, "")
    assert "UnknownProductError in step 'look_up_price': There is no price for 'moon dust'" in ended.err
    assert "output workflow debug moon" in ended.err
    assert "Traceback" not in ended.err


def test_attempts_that_fail_show_while_the_step_goes_on(made: Made, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with subprocess.Popen(
        [OUTPUT, "workflow", "run", "retrying", "--input", json.dumps(str(gate))],
        env=clean_environment(OUTPUT_API_URL=made.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stderr is not None
        retry = next(line for line in child.stderr if "↻" in line)
        gate.touch()
        out, rest = child.communicate(timeout=60)

    assert (child.returncode, out) == (0, '"reached"\n')
    assert re.search(r"↻ reach  attempt \d+ of 60.* failed.*: ConnectionError: no route to the moon", retry)
    assert re.search(r"✓ reach  .* s  \(\d+ attempts\)", rest)


def test_a_run_that_goes_on_is_debugged_with_what_there_is_so_far(output: Command, tmp_path: Path) -> None:
    given = json.dumps(str(tmp_path / "gate"))
    output("workflow", "start", "retrying", "--input", given, "--workflow-id", "half way")
    refused = output("workflow", "debug", "half way")
    shown = wait_until(lambda: re.search(r"reach", output("workflow", "debug", "half way", "--partial").out))
    output("workflow", "terminate", "half way")

    assert (refused.code, bool(shown)) == (1, True)
    assert "debug --partial" in refused.err


@pytest.mark.parametrize("given", ['{"lines": [{"product": "coffee"}]}', "-", "order.json"])
def test_an_input_is_json_a_file_or_stdin(output: Command, made: Made, given: str) -> None:
    order = '{"lines": [{"product": "coffee"}]}'
    (made.folder / "order.json").write_text(order)

    ended = output("workflow", "run", "price_order", "--input", given, stdin=order)

    assert json.loads(ended.out)["total"] == "2.40"


def test_a_scenario_is_found_from_a_folder_below_the_project_too(output: Command, made: Made) -> None:
    scenario = "workflows/price_order/scenarios/breakfast.json"

    assert output("workflow", "run", "price_order", scenario).code == 0
    assert output("workflow", "run", "price_order", "nothing.json").code == 2


def test_continue_as_new_is_followed_to_the_end(output: Command) -> None:
    ran = output("workflow", "run", "lapping", "--input", "2", "--workflow-id", "laps")
    watched = output("workflow", "monitor", "laps", "--format", "json")
    listed = list_runs(output, "laps", count=3)
    first = next(run["runId"] for run in listed if run["startedAt"] == min(each["startedAt"] for each in listed))
    from_first = output("workflow", "monitor", "laps", "--run-id", first, "--format", "json")

    assert (ran.code, ran.out) == (0, '"arrived"\n')
    assert (watched.code, len(listed)) == (0, 3)
    events = [json.loads(line) for line in from_first.out.splitlines()]
    assert [each["event"] for each in events if each["event"] != "history"] == ["workflow", "done"] * 3
    assert events[-1]["data"]["reason"] == "WORKFLOW_EXECUTION_COMPLETED"


def test_a_workflow_is_talked_to_and_ends_as_it_is_told(output: Command) -> None:
    started = output(
        "workflow", "start", "approve_expense", "train_ticket", "--workflow-id", "trip", "--format", "json"
    )
    ids = json.loads(started.out)
    signalled = output("workflow", "signal", "trip", "comment", "-p", '{"author": "Kim", "text": "Hm."}')
    standing = output("workflow", "query", "trip", "standing")
    refused = output("workflow", "update", "trip", "decide", "-p", '{"approver": "Robin", "approved": true}')
    decided = output("workflow", "update", "trip", "decide", "--payload", KIM)
    result = output("workflow", "result", "trip", "--wait", "30")
    given = output("workflow", "input", "trip", "--run-id", ids["runId"])

    assert (ids["workflowId"], signalled.code) == ("trip", 0)
    assert json.loads(standing.out) == {"state": "waiting", "comments": [{"author": "Kim", "text": "Hm."}]}
    assert (refused.code, refused.out) == (1, "")
    assert "Somebody else has to decide" in refused.err
    assert json.loads(decided.out)["state"] == "decided"
    assert json.loads(result.out)["approved"] is True
    assert json.loads(given.out)["employee"] == "Robin"


def test_a_run_is_stopped_terminated_and_done_again(output: Command) -> None:
    for name in ("halt", "kill"):
        output("workflow", "start", "approve_expense", "train_ticket", "--workflow-id", name)
    stopped = output("workflow", "stop", "halt")
    halted = output("workflow", "monitor", "halt")
    killed = output("workflow", "terminate", "kill", "--reason", "enough")
    again = output("workflow", "run", "price_order", "breakfast", "--workflow-id", "again")
    reset = output("workflow", "reset", "again", "--step", "look_up_price", "--format", "json")
    result = output("workflow", "result", "again", "--wait", "30")

    assert (stopped.code, halted.code, killed.code, again.code) == (0, 1, 0, 0)
    assert "canceled  halt" in halted.err
    assert output("workflow", "status", "kill").out.startswith("kill  terminated\n")
    assert json.loads(reset.out)["workflowId"] == "again"
    assert json.loads(result.out) == json.loads(again.out)


def test_the_whole_story_of_a_run_is_a_tree(output: Command) -> None:
    output("workflow", "run", "price_order", "unknown_product", "--workflow-id", "story")
    tree = output("workflow", "debug", "story")
    whole = output("workflow", "debug", "story", "--format", "json")

    assert tree.code == 0
    assert re.search(r"^✗ price_order  ", tree.out, re.MULTILINE)
    assert re.search(r"^├─ ✓ look_up_price .*\n│    in  \"coffee\"\n│    out \"2\.40\"", tree.out, re.MULTILINE)
    assert "UnknownProductError: There is no price for 'moon dust'" in tree.out
    assert tree.out.count("raise UnknownProductError(product)") == 1
    assert json.loads(whole.out)["data"]["children"][0]["name"] == "price_order#look_up_price"


def test_history_lists_the_events_and_json_carries_them_whole(output: Command) -> None:
    output("workflow", "run", "price_order", "breakfast", "--workflow-id", "events")
    table = output("workflow", "history", "events")
    whole = json.loads(output("workflow", "history", "events", "--payloads", "--format", "json").out)

    assert table.out.splitlines()[0].split() == ["#", "TIME", "EVENT", "WHAT"]
    assert re.search(r"activity task scheduled +look_up_price", table.out)
    assert whole["workflow"]["status"] == "completed"
    assert [each["eventId"] for each in whole["events"]] == [str(n + 1) for n in range(len(whole["events"]))]
    assert whole["events"][0]["workflowExecutionStartedEventAttributes"]["input"][0]["lines"][0]["product"] == "coffee"


def test_runs_are_listed_and_narrowed_down(output: Command) -> None:
    output("workflow", "run", "price_order", "unknown_product", "--workflow-id", "listed")
    list_runs(output, "listed", "--status", "failed", count=1)
    table = output("workflow", "runs", "list", "--id", "listed", "--status", "failed")
    page = json.loads(output("workflow", "runs", "list", "-w", "price_order", "-n", "1", "--format", "json").out)
    nothing = output("workflow", "runs", "list", "--id", "listed", "--since", "2999-01-01T00:00:00")

    assert re.match(r"STATUS +WORKFLOW +ID +STARTED +TOOK +RUN\nfailed +price_order +listed ", table.out)
    assert (page["count"], len(page["runs"])) == (1, 1)
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "No runs fit.\n")


def test_the_catalog_is_a_table_and_one_workflow_is_shown_with_an_example_that_runs(output: Command) -> None:
    table = output("workflow", "list")
    listed = json.loads(output("workflow", "list", "--format", "json").out)["workflows"]
    shown = output("workflow", "show", "approve_expense")
    example = json.loads(output("workflow", "show", "price_order", "--format", "json").out)["exampleInput"]

    assert re.search(r"^price_order +Look up what each product costs", table.out, re.MULTILINE)
    assert {entry["name"] for entry in listed} >= {"price_order", "approve_expense", "broad"}
    assert "employee: string" in shown.out
    assert re.search(r"update decide .*approver: string, approved: boolean", shown.out)
    assert example == {"lines": [{"product": "coffee"}]}
    assert output("workflow", "run", "price_order", "-i", json.dumps(example)).code == 0


def test_a_pinned_run_is_another_than_the_latest(output: Command) -> None:
    first = json.loads(output("workflow", "start", "lapping", "-i", "0", "--workflow-id", "pin", "-f", "json").out)
    output("workflow", "result", "pin", "--wait", "30")
    output("workflow", "run", "lapping", "-i", "0", "--workflow-id", "pin")

    pinned = json.loads(output("workflow", "status", "pin", "--run-id", first["runId"], "-f", "json").out)
    latest = json.loads(output("workflow", "status", "pin", "-f", "json").out)

    assert pinned["runId"] == first["runId"] != latest["runId"]


def test_the_command_that_show_prints_runs_as_pasted(output: Command, made: Made) -> None:
    shown = output("workflow", "show", "nested")
    command = shown.out.splitlines()[-1].strip()
    folder = str(Path(OUTPUT).parent)
    ended = subprocess.run(
        ["sh", "-c", f"{command} --format json"],
        env=clean_environment(OUTPUT_API_URL=made.url, PATH=f"{folder}:/usr/bin:/bin"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "branch: Branch" in shown.out
    assert command.startswith("output workflow run nested --input ")
    assert json.loads(ended.stdout)["output"] == "it's $HOME; `who`"
