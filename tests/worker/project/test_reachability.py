"""Which steps are seen from a workflow's code, however it calls them."""

from __future__ import annotations

import pytest

from output.worker.project.discovery import discover
from tests.support.project_folder import ProjectFolder

STEPS = """
from output import step

@step
async def one() -> int:
    return 1

@step
async def two() -> int:
    return 2

@step
async def three() -> int:
    return 3
"""


@pytest.mark.parametrize(
    ("code", "reached"),
    [
        ("from .steps import one\n@workflow\nasync def w(): await one()", ["one"]),
        ("from .steps import one as first\n@workflow\nasync def w(): await first()", ["one"]),
        ("from . import steps\n@workflow\nasync def w(): await steps.two()", ["two"]),
        ("import workflows.flow.steps\n@workflow\nasync def w(): await workflows.flow.steps.two()", ["two"]),
        ("@workflow\nasync def w():\n    from .steps import three\n    await three()", ["three"]),
        ("@workflow\nasync def w():\n    from . import steps as s\n    await s.three()", ["three"]),
        (
            "from .steps import one\nfrom .plain import both\n@workflow\nasync def w(): await both()",
            ["one", "two"],
        ),
        (
            "from .steps import one, two\nALL = {'a': one, 'b': [two]}\n@workflow\nasync def w(k: str): await ALL[k]()",
            ["one", "two"],
        ),
        (
            "from functools import partial\nfrom .steps import one\nrun = partial(one)\n@workflow\nasync def w(): "
            "await run()",
            ["one"],
        ),
        (
            "from .steps import one\n@workflow\nasync def w():\n    async def inner():\n        return await one()\n"
            "    await inner()",
            ["one"],
        ),
        (
            "from .steps import one, two\n@workflow\nclass W:\n    async def run(self): await self.help()\n"
            "    async def help(self): await one()\n    @signal\n    async def go(self): await two()",
            ["one", "two"],
        ),
        (
            "from .plain import Base\n@workflow\nclass W(Base):\n    async def run(self): await self.inherited()",
            ["three"],
        ),
        ("from .plain import decorated\n@workflow\nasync def w(): await decorated()", ["two"]),
        ("from .plain import REGISTRY\n@workflow\nasync def w(): await REGISTRY.call()", ["one"]),
        (
            "from . import steps\n@workflow\nasync def w(name: str): await getattr(steps, name)()",
            ["one", "three", "two"],
        ),
        ("from .steps import one\n@workflow\nasync def w(): await one.with_options(priority=1)()", ["one"]),
        ("from .steps import one\n@workflow\nasync def w(call=one): await call()", ["one"]),
        ("from .steps import one\n@workflow\nasync def w(): return 1", []),
    ],
)
def test_steps_are_seen(folder: ProjectFolder, code: str, reached: list[str]) -> None:
    folder.write("workflows/flow/steps.py", STEPS)
    folder.write(
        "workflows/flow/plain.py",
        """
        import functools
        from .steps import one, two, three

        async def both():
            return await one() + await other()

        async def other():
            return await two()

        class Base:
            async def inherited(self):
                return await three()

        def logged(function):
            @functools.wraps(function)
            async def wrapper(*args):
                return await function(*args)
            return wrapper

        @logged
        async def decorated():
            return await two()

        class Registry:
            def __init__(self):
                self.entries = {}
            def call(self):
                return self.entries["x"]()

        REGISTRY = Registry()
        REGISTRY.entries["x"] = one
        """,
    )
    folder.write("workflows/flow/workflow.py", f"from output import signal, workflow\n{code}\n")

    found = discover(folder.find())

    assert [str(diagnostic) for diagnostic in found.diagnostics if diagnostic.severity == "error"] == []
    (workflow,) = found.workflows
    assert [step.name for step in workflow.steps] == reached


def test_a_childs_steps_are_the_childs_own(folder: ProjectFolder) -> None:
    folder.write("workflows/flow/steps.py", STEPS)
    folder.write(
        "workflows/flow/workflow.py",
        """
        from output import workflow
        from .steps import one, two

        @workflow
        async def child() -> int:
            return await one()

        @workflow
        async def parent() -> int:
            return await child() + await two()
        """,
    )

    steps = {entry.definition.name: entry.steps for entry in discover(folder.find()).workflows}

    assert [step.name for step in steps["parent"]] == ["two"]
    assert [step.name for step in steps["child"]] == ["one"]


def test_an_object_that_raises_when_asked_for_its_class_harms_nothing(folder: ProjectFolder) -> None:
    folder.write(
        "workflows/a.py",
        """
        from output import workflow

        class Proxy:
            @property
            def __class__(self):
                raise RuntimeError("working outside of a context")

        current = Proxy()

        @workflow
        async def a() -> str:
            return str(current)
        """,
    )

    assert discover(folder.find()).diagnostics == ()
