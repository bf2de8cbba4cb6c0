"""`python -m output.worker.check` as a process: what it prints and how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.support.processes import clean_environment
from tests.support.project_folder import ProjectFolder

GOOD = """
from output import step, workflow

@step
async def fetch() -> int:
    return 1

@workflow
async def good() -> int:
    return await fetch()
"""


def run_check(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "output.worker.check", *arguments]
    environment = clean_environment(**variables)
    return subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_in_sandbox_mode_imports_that_the_sandbox_refuses_are_faults_with_their_line(folder: ProjectFolder) -> None:
    reading = "from pathlib import Path\nHERE = Path(__file__).read_text()\n"
    folder.write("workflows/reading.py", reading + GOOD)
    folder.write("workflows/harmless.py", GOOD.replace("good", "harmless"))

    guarded = run_check(cwd=folder.root)
    sandboxed = run_check(cwd=folder.root, OUTPUT_WORKFLOW_PROTECTION="sandbox")

    assert guarded.returncode == 0, guarded.stdout
    assert sandboxed.returncode == 1
    diagnostic, count = sandboxed.stdout.splitlines()
    assert diagnostic.startswith(
        "workflows/reading.py:2: The sandbox refuses to import this (Cannot access pathlib.Path.read"
    )
    assert "do it in a step" in diagnostic
    assert count == "2 workflows, 2 steps: 1 error."


def test_a_setting_that_does_not_fit_is_said(folder: ProjectFolder) -> None:
    folder.write("workflows/good.py", GOOD)

    done = run_check(cwd=folder.root, OUTPUT_WORKFLOW_PROTECTION="armour")

    assert (done.returncode, done.stdout) == (1, "")
    assert "OUTPUT_WORKFLOW_PROTECTION" in done.stderr


def test_a_project_without_faults_is_counted_and_exits_0(folder: ProjectFolder) -> None:
    folder.write("workflows/good.py", GOOD)

    done = run_check(cwd=folder.root)

    assert (done.stdout, done.stderr, done.returncode) == ("1 workflow, 1 step: no faults.\n", "", 0)


def test_all_faults_are_printed_errors_first_and_it_exits_1(folder: ProjectFolder) -> None:
    folder.write("workflows/good.py", GOOD + "\n@step\nasync def nobody() -> None: ...\n")
    folder.write("workflows/zoo.py", "import nothing_of_this_name\n")
    folder.write(
        "workflows/clock.py",
        "from datetime import datetime\n"
        + GOOD.replace("good", "clock").replace("return await fetch()", "return datetime.now().year"),
    )

    done = run_check(str(folder.root), cwd=Path.cwd())

    lines = done.stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "workflows/clock.py:11",
        "workflows/zoo.py:1",
        "workflows/clock.py:5",
        "workflows/good.py:11",
        "2 workflows, 3 steps",
    ]
    assert lines[-1] == "2 workflows, 3 steps: 2 errors, 2 warnings."
    assert done.returncode == 1


def test_as_json_nothing_that_authored_code_prints_gets_in_between(folder: ProjectFolder) -> None:
    folder.write("workflows/good.py", "print('hello')\n" + GOOD + "\n@step\nasync def nobody() -> None: ...\n")

    done = run_check("--format", "json", cwd=folder.root)

    assert json.loads(done.stdout) == {
        "workflows": 1,
        "steps": 2,
        "faults": [
            {
                "file": "workflows/good.py",
                "line": 13,
                "severity": "warning",
                "message": "no workflow calls the step 'nobody'; call it, or remove it.",
            }
        ],
    }
    assert done.returncode == 1


def test_a_folder_that_is_no_project_exits_1_and_wrong_usage_2(tmp_path: Path) -> None:
    assert "is no project" in run_check(cwd=tmp_path).stderr
    assert run_check(cwd=tmp_path).returncode == 1
    assert run_check("--format", "xml", cwd=tmp_path).returncode == 2
    assert run_check("--help", cwd=tmp_path).returncode == 0
