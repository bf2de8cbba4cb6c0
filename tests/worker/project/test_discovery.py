"""What is found in a project on disk, and what is said of its faults."""

from __future__ import annotations

from output.worker.project.discovery import Found, discover
from tests.support.project_folder import ProjectFolder

STEPS = """
from output import step

@step
async def fetch_page(url: str) -> str:
    return url

@step
def digest(text: str) -> int:
    return len(text)
"""
WORKFLOW = """
from output import workflow
from .steps import digest, fetch_page

@workflow
async def page_digest(url: str) -> int:
    return await digest(await fetch_page(url))
"""


def lines(found: Found) -> list[str]:
    return [str(diagnostic) for diagnostic in found.diagnostics]


def steps_of(found: Found, name: str) -> list[str]:
    (workflow,) = [entry for entry in found.workflows if entry.definition.name == name]
    return [step.name for step in workflow.steps]


def test_a_workflow_and_its_steps_are_found(folder: ProjectFolder) -> None:
    folder.write("workflows/page_digest/steps.py", STEPS)
    folder.write("workflows/page_digest/workflow.py", WORKFLOW)

    found = discover(folder.find())

    assert [(entry.definition.name, entry.path) for entry in found.workflows] == [
        ("page_digest", "workflows/page_digest/workflow.py")
    ]
    assert steps_of(found, "page_digest") == ["digest", "fetch_page"]
    assert [step.name for step in found.steps] == ["digest", "fetch_page"]
    assert lines(found) == []


def test_any_depth_with_or_without_init_files_and_every_form_of_import(folder: ProjectFolder) -> None:
    folder.write("src/workflows/group/__init__.py", "")
    folder.write("src/workflows/group/deep/steps.py", STEPS)
    folder.write(
        "src/workflows/group/deep/workflow.py",
        """
        from output import workflow
        from workflows.group.deep import steps
        from ...shared.mail import send
        from shared.bill import charge

        @workflow
        async def deep(url: str) -> int:
            await send(url)
            await charge(1)
            return await steps.digest(await steps.fetch_page(url))
        """,
    )
    folder.write(
        "src/workflows/shared/mail.py", "from output import step\n@step\nasync def send(to: str) -> None: ...\n"
    )
    folder.write("src/shared/bill.py", "from output import step\n@step\nasync def charge(cents: int) -> None: ...\n")

    found = discover(folder.find())

    assert lines(found) == []
    assert steps_of(found, "deep") == ["charge", "digest", "fetch_page", "send"]


def test_tests_scenarios_and_hidden_folders_are_left_alone(folder: ProjectFolder) -> None:
    for path in (
        "workflows/a/tests/test_x.py",
        "workflows/a/scenarios/s.py",
        "workflows/.old/x.py",
        "workflows/__pycache__/x.py",
        "workflows/a/test_a.py",
        "workflows/a/conftest.py",
        "workflows/a/__main__.py",
    ):
        folder.write(path, "raise RuntimeError('imported')\n")

    assert lines(discover(folder.find())) == []


def test_every_file_that_does_not_import_is_one_line_and_the_others_are_still_tried(folder: ProjectFolder) -> None:
    folder.write("workflows/a/steps.py", "import json\n\nimport nothing_of_this_name\n")
    folder.write("workflows/a/workflow.py", "from .steps import fetch\n")
    folder.write("workflows/b/workflow.py", "def broken(:\n    pass\n")
    folder.write("workflows/c/exits.py", "import sys\nsys.exit(3)\n")
    folder.write("workflows/d/raises.py", "def go():\n    raise ValueError('two\\nlines')\n\ngo()\n")
    folder.write("workflows/page_digest/steps.py", STEPS)
    folder.write("workflows/page_digest/workflow.py", WORKFLOW)

    found = discover(folder.find())

    assert [line.partition(";")[0] for line in lines(found)] == [
        "workflows/a/steps.py:3: ModuleNotFoundError: No module named 'nothing_of_this_name'",
        "workflows/b/workflow.py:1: SyntaxError: invalid syntax",
        "workflows/c/exits.py:2: SystemExit: the file ends the process while it is imported (exit code 3).",
        "workflows/d/raises.py:2: ValueError: two lines",
    ]
    assert steps_of(found, "page_digest") == ["digest", "fetch_page"]


def test_a_fault_in_a_library_shows_the_authors_own_line(folder: ProjectFolder) -> None:
    folder.write("workflows/a.py", "import json\n\nTABLE = json.loads('{')\n")

    (line,) = lines(discover(folder.find()))

    assert line.startswith("workflows/a.py:3: JSONDecodeError: ")


def test_a_name_that_python_cannot_import_is_said_once(folder: ProjectFolder) -> None:
    folder.write("workflows/page-digest/steps.py", STEPS)
    folder.write("workflows/page-digest/workflow.py", WORKFLOW)
    folder.write("workflows/ok/my-steps.py", STEPS)
    folder.write("workflows/class/x.py", "")
    folder.write("workflows/data-2024/table.csv", "")

    found = lines(discover(folder.find()))

    assert len(found) == 3
    assert "'page_digest'" in next(line for line in found if line.startswith("workflows/page-digest:1: "))
    assert "'my_steps'" in next(line for line in found if line.startswith("workflows/ok/my-steps.py:1: "))
    assert "'class_'" in next(line for line in found if line.startswith("workflows/class:1: "))


def test_a_decorator_that_refuses_shows_the_authors_line(folder: ProjectFolder) -> None:
    folder.write("workflows/a.py", "from output import workflow\n\n@workflow\ndef plain() -> int:\n    return 1\n")

    (line,) = lines(discover(folder.find()))

    assert line.startswith("workflows/a.py:3: TypeError: ")
    assert "async def" in line


def test_names_and_aliases_are_unique(folder: ProjectFolder) -> None:
    text = "from output import workflow\n\n@workflow{options}\nasync def {name}() -> int:\n    return 1\n"
    folder.write("workflows/a.py", text.format(options="", name="bill"))
    folder.write("workflows/b.py", text.format(options="", name="bill"))
    folder.write("workflows/c.py", text.format(options='(aliases=["bill", "invoice"])', name="other"))
    folder.write("workflows/d.py", text.format(options='(aliases=["invoice"])', name="third"))

    assert lines(discover(folder.find())) == [
        "workflows/b.py:3: the name 'bill' is taken by the workflow at workflows/a.py:3; choose another.",
        "workflows/c.py:3: the alias 'bill' is taken by the workflow at workflows/a.py:3; choose another.",
        "workflows/d.py:3: the alias 'invoice' is taken by the workflow at workflows/c.py:3; choose another.",
    ]


def test_one_workflow_under_two_names_is_one_workflow(folder: ProjectFolder) -> None:
    folder.write("workflows/page_digest/steps.py", STEPS)
    folder.write("workflows/page_digest/workflow.py", WORKFLOW)
    folder.write("workflows/page_digest/__init__.py", "from .workflow import page_digest\nagain = page_digest\n")

    found = discover(folder.find())

    assert (len(found.workflows), lines(found)) == (1, [])


def test_a_step_that_no_workflow_calls_is_a_warning(folder: ProjectFolder) -> None:
    folder.write("workflows/page_digest/steps.py", STEPS + "\n@step\nasync def nobody() -> None: ...\n")
    folder.write("workflows/page_digest/workflow.py", WORKFLOW)

    (diagnostic,) = discover(folder.find()).diagnostics

    assert diagnostic.severity == "warning"
    assert (
        str(diagnostic) == "workflows/page_digest/steps.py:11: warning: "
        "no workflow calls the step 'nobody'; call it, or remove it."
    )


def test_a_step_that_another_step_calls_is_used(folder: ProjectFolder) -> None:
    folder.write(
        "workflows/a.py",
        """
        from output import step, workflow

        @step
        async def inner() -> int:
            return 1

        @step
        async def outer() -> int:
            return await inner()

        @workflow
        async def a() -> int:
            return await outer()
        """,
    )

    found = discover(folder.find())

    assert lines(found) == []
    assert steps_of(found, "a") == ["outer"]


def test_two_steps_of_one_name_in_one_workflow_are_a_fault(folder: ProjectFolder) -> None:
    folder.write("workflows/one.py", "from output import step\n@step\nasync def fetch() -> int:\n    return 1\n")
    folder.write("workflows/two.py", "from output import step\n@step\nasync def fetch() -> int:\n    return 2\n")
    folder.write(
        "workflows/w.py",
        """
        from output import workflow
        from . import one, two

        @workflow
        async def w() -> int:
            return await one.fetch() + await two.fetch()
        """,
    )

    (line,) = lines(discover(folder.find()))

    assert line.startswith("workflows/two.py:2: ")
    assert "workflows/one.py:2" in line


def test_annotations_without_a_json_form_are_faults_of_their_definition(folder: ProjectFolder) -> None:
    folder.write(
        "workflows/a.py",
        """
        from threading import Lock
        from typing import TYPE_CHECKING
        from output import query, step, workflow

        if TYPE_CHECKING:
            from decimal import Decimal

        @step
        async def hold(lock: Lock) -> None: ...

        @workflow
        async def a(price: "Decimal") -> int:
            await hold(price)
            return 1

        @workflow
        class Talks:
            async def run(self) -> None: ...

            @query
            def lock(self) -> Lock:
                return Lock()
        """,
    )

    found = lines(discover(folder.find()))

    assert [line.partition(": ")[0] for line in found] == ["workflows/a.py:8", "workflows/a.py:11", "workflows/a.py:20"]
    assert "has no JSON form" in found[0]
    assert "'Decimal' is not defined" in found[1]
    assert "query 'lock'" in found[2]


def test_a_package_of_the_same_name_elsewhere_is_said(folder: ProjectFolder) -> None:
    folder.write("json/a.py", "")
    folder.write("pyproject.toml", '[tool.output]\nworkflows = "json"\n')

    (line,) = lines(discover(folder.find()))

    assert "already imported from" in line


def test_an_installed_package_of_that_name_does_not_win(folder: ProjectFolder) -> None:
    installed = folder.write("site-packages/workflows/__init__.py", "raise RuntimeError('the wrong one')\n")
    folder.write("workflows/page_digest/steps.py", STEPS)
    folder.write("workflows/page_digest/workflow.py", WORKFLOW)
    import sys

    sys.path.append(str(installed.parent.parent))

    assert lines(discover(folder.find())) == []


def test_hook_files_are_imported_too(folder: ProjectFolder) -> None:
    folder.write("src/workflows/a.py", "")
    folder.write("hooks_of_a.py", "import nothing_of_this_name\n")
    folder.write("pyproject.toml", '[tool.output]\nhooks = ["hooks_of_a.py"]\n')

    (line,) = lines(discover(folder.find()))

    assert line.startswith("hooks_of_a.py:1: ModuleNotFoundError")


def test_a_file_with_the_name_of_a_module_that_is_there_already_is_no_silent_stranger(folder: ProjectFolder) -> None:
    folder.write("src/workflows/a.py", "")
    folder.write("colorsys.py", "")
    folder.write("pyproject.toml", '[tool.output]\nhooks = ["colorsys.py"]\n')
    import colorsys

    (line,) = lines(discover(folder.find()))

    assert line.startswith("colorsys.py:1: a module named 'colorsys' is already imported from ")
    assert line.endswith(f"{colorsys.__file__}; rename the file.")
