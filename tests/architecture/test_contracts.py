"""The import contracts catch what they are there for: each violation is planted in a copy of the package and seen."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.processes import clean_environment

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")


@dataclass(frozen=True)
class Violation:
    """A line planted in a module, and the name of the contract that must break."""

    module: str
    line: str
    contract: str


LAYERS = "Data flows one way"
HTTP_ONLY = "Command line and client speak HTTP"
LIGHT = "What an author imports is light"
NO_AUTHOR_CODE = "The API never loads author code"
VIOLATIONS = {
    "the command line imports the engine": Violation("cli/connection", "import output.engine.runs", HTTP_ONLY),
    "the command line imports a worker": Violation("cli/lazy", "import output.worker.check", HTTP_ONLY),
    "the client imports the API": Violation("client/request", "import output.api.state", HTTP_ONLY),
    "authoring imports a web framework": Violation("authoring/options", "import fastapi", LIGHT),
    "models import the engine's SDK": Violation("models/runs", "import temporalio.client", LIGHT),
    "the API loads authors' code": Violation("api/state", "import output.worker.project.discovery", NO_AUTHOR_CODE),
    "a route reaches past the engine": Violation(
        "api/routes/runs", "import temporalio.client", "Only engine and worker reach Temporal"
    ),
    "a low room imports a high one": Violation("security/redaction", "import output.engine.runs", LAYERS),
    "a new room is in no layer": Violation("brand_new", "NEW = True", LAYERS),
    "modules import each other in a circle": Violation(
        "worker/execution/memo", "import output.worker.execution.workflow_class", "No circles among siblings"
    ),
    "a room imports the facade": Violation(
        "authoring/parallel", "from output import step", "Nobody inside imports the facade"
    ),
    "a worker's project knows what runs it": Violation(
        "worker/project/layout",
        "import output.worker.execution.registry",
        "Inside a worker: project, execution, rules, process",
    ),
    "HTTP below imports routes above": Violation(
        "api/http/responses", "import output.api.routes.runs", "Inside the API: HTTP below, routes above"
    ),
    "a step knows children": Violation(
        "authoring/step",
        "import output.authoring.children",
        "Inside authoring: what runs it below, what is written above",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, where they may be spoilt."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """What the linter says of a copy; the first of two places called `output` on the path is the copy."""
    return subprocess.run(
        [LINTER, "--no-cache"],
        cwd=folder,
        env=clean_environment(PYTHONPATH=str(folder / "src"), NO_COLOR="1", COLUMNS="200"),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_the_contracts_are_kept(copy: Path) -> None:
    ended = lint(copy)

    assert ended.returncode == 0, ended.stdout
    assert "0 broken" in ended.stdout


@pytest.mark.parametrize("violation", VIOLATIONS.values(), ids=VIOLATIONS.keys())
def test_a_violation_breaks_its_contract(copy: Path, violation: Violation) -> None:
    module = copy / "src" / "output" / f"{violation.module}.py"
    text = module.read_text() if module.exists() else '"""New."""\n'
    module.write_text(f"{text}\n{violation.line}\n")

    ended = lint(copy)

    assert ended.returncode == 1, ended.stdout
    broken = [line.removesuffix(" BROKEN") for line in ended.stdout.splitlines() if line.endswith(" BROKEN")]
    missing = violation.contract in ended.stdout.partition("Broken contracts")[2]
    assert violation.contract in broken or missing, ended.stdout
