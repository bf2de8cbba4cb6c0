"""What the command line says when something is wrong: one sentence, and a code that scripts can rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Command, run_command
from tests.support.made_project import Made
from tests.support.processes import free_port
from tests.support.servers import start_api


def test_a_name_that_is_none_gets_the_nearest(output: Command) -> None:
    ran = output("workflow", "run", "price_oder")
    shown = output("workflow", "show", "price_oder")
    scenario = output("workflow", "run", "price_order", "brekfast")
    command = output("workflow", "stauts", "x")
    option = output("workflow", "status", "x", "--formt", "json")

    assert [each.code for each in (ran, shown, scenario, command, option)] == [1, 1, 2, 2, 2]
    assert "Did you mean 'price_order'?" in ran.err
    assert "Did you mean 'price_order'?" in shown.err
    assert "did you mean 'breakfast'?" in scenario.err
    assert "Did you mean 'status'" in command.err
    assert "--format" in option.err


def test_what_the_server_refuses_exits_with_1_in_one_sentence(output: Command) -> None:
    missing = output("workflow", "status", "nobody")
    unfit = output("workflow", "start", "price_order", "-i", '{"lines": [{"product": 1}, 2]}')

    assert (missing.code, missing.out) == (1, "")
    assert missing.err.startswith("Error: There is no workflow 'nobody'")
    assert (unfit.code, unfit.out) == (1, "")
    assert "lines" in unfit.err
    assert "Traceback" not in missing.err + unfit.err


def test_wrong_usage_exits_with_2(output: Command) -> None:
    for words in (
        ["workflow", "run", "price_order", "--input", "{nope"],
        ["workflow", "run", "price_order", "--input", "nowhere.json"],
        ["workflow", "run", "price_order", "breakfast", "--input", "{}"],
        ["workflow", "runs", "list", "--status", "sleeping"],
        ["workflow", "status"],
    ):
        ended = output(*words)
        assert (ended.code, ended.out) == (2, ""), words
        assert ended.err


def test_a_server_that_is_not_there_exits_with_3_and_says_what_to_do(output: Command, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"

    asked = output("workflow", "status", "x", OUTPUT_API_URL=nowhere)
    followed = output("workflow", "monitor", "x", "--format", "json", OUTPUT_API_URL=nowhere)

    assert (asked.code, followed.code) == (3, 3)
    assert "connection refused" in asked.err
    assert "output dev" in asked.err
    assert followed.out == ""
    assert "Traceback" not in asked.err + followed.err


@pytest.mark.parametrize("url", ["localhost:3001", "nonsense"])
def test_an_address_that_is_none_exits_with_2(output: Command, url: str) -> None:
    ended = output("workflow", "status", "x", OUTPUT_API_URL=url)

    assert ended.code == 2
    assert "OUTPUT_API_URL" in ended.err


def test_debug_shows_the_traceback_wherever_it_stands(output: Command) -> None:
    for words in (["--debug", "workflow", "status", "x"], ["workflow", "status", "x", "--debug"]):
        ended = output(*words)
        assert ended.code == 1
        assert "Traceback" in ended.err
        assert ended.err.rstrip().splitlines()[-1].startswith("Error: ")


def test_variables_come_from_env_or_the_file_that_is_named(made: Made, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OUTPUT_API_URL={made.url}\n")
    (tmp_path / "other.env").write_text("OUTPUT_API_URL=http://127.0.0.1:9\n")

    here = run_command("workflow", "status", "x", folder=tmp_path)
    named = run_command("workflow", "status", "x", folder=tmp_path, OUTPUT_CLI_ENV="other.env")
    stronger = run_command(
        "workflow", "status", "x", folder=tmp_path, OUTPUT_CLI_ENV="other.env", OUTPUT_API_URL=made.url
    )
    lost = run_command("workflow", "status", "x", folder=tmp_path, OUTPUT_CLI_ENV="lost.env")

    assert [each.code for each in (here, named, stronger, lost)] == [1, 3, 1, 2]
    assert "lost.env" in lost.err


def test_a_reader_that_leaves_early_is_no_fault(made: Made) -> None:
    import subprocess

    from tests.support.command import OUTPUT
    from tests.support.processes import clean_environment

    pipe = subprocess.run(
        ["bash", "-c", f"{OUTPUT} workflow list --format json | head -c 1"],
        env=clean_environment(OUTPUT_API_URL=made.url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (pipe.stdout, pipe.stderr) == ("{", "")


def test_what_to_do_next_is_said_in_the_command_line_s_words(output: Command) -> None:
    first = output("workflow", "start", "approve_expense", "train_ticket", "--workflow-id", "words")
    again = output("workflow", "start", "approve_expense", "train_ticket", "--workflow-id", "words")
    attached = output(
        "workflow", "start", "approve_expense", "train_ticket", "--workflow-id", "words", "--if-running", "use_existing"
    )
    result = output("workflow", "result", "words")
    unknown = output("workflow", "run", "zzz")
    output("workflow", "terminate", "words")

    assert (first.code, again.code, attached.code, result.code) == (0, 1, 0, 1)
    assert "--if-running" in again.err
    assert "output workflow monitor words" in result.err
    assert "`output workflow list`" in unknown.err
    assert attached.out == first.out


def test_a_server_in_production_wants_its_token(engine_address: str, stack_folder: Path, tmp_path: Path) -> None:
    both = "new-token-of-this-test,old-token-of-this-test"
    server, url = start_api(stack_folder, engine_address, OUTPUT_ENV="production", OUTPUT_API_AUTH_TOKEN=both)

    without = run_command("workflow", "status", "nobody", folder=tmp_path, OUTPUT_API_URL=url)
    given = run_command("workflow", "status", "nobody", folder=tmp_path, OUTPUT_API_URL=url, OUTPUT_API_AUTH_TOKEN=both)
    server.stop()

    assert "OUTPUT_API_AUTH_TOKEN" in without.err
    assert "There is no workflow 'nobody'" in given.err
