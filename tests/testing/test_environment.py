"""The testing kit: environments, stand-ins, skipped time, replay, and the plugin."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from output import FatalError, now, signal, sleep, step, update, wait_for, workflow
from output.authoring.workflow import Workflow
from output.testing import ReplayDepartedError, RunFailedError, replay, start_environment, stub

pytest_plugins = ["pytester"]


@step
async def fetch(url: str) -> str:
    return f"page of {url}"


@step
async def store(page: str) -> int:
    return len(page)


@step
async def publish(size: int) -> str:
    return f"{size} published"


@workflow
async def publishing(url: str) -> str:
    return await publish(await store(await fetch(url)))


@workflow
async def monthly(months: int) -> int:
    begun = now()
    for _ in range(months):
        await sleep(timedelta(days=30))
        await fetch("x")
    return (now() - begun).days


@workflow
class Named:
    def __init__(self) -> None:
        self.names: list[str] = []

    async def run(self) -> list[str]:
        await wait_for(lambda: len(self.names) == 2)
        return self.names

    @signal
    def add(self, name: str) -> None:
        self.names.append(name)

    @update
    def put(self, name: str) -> int:
        self.names.append(name)
        return len(self.names)

    @put.validator
    def check(self, name: str) -> None:
        if not name:
            raise ValueError("a name is needed")


async def test_steps_and_workflows_are_called_as_functions() -> None:
    assert await fetch("a") == "page of a"
    assert await publishing("a") == "9 published"


@pytest.mark.parametrize("step_or_name", [fetch, "fetch"])
async def test_a_step_is_stood_in_for_by_function_or_name(step_or_name: object) -> None:
    with stub(step_or_name, returns="four") as stubbed:  # type: ignore[arg-type]  # either
        assert await publishing("a") == "4 published"
    assert stubbed.calls == [{"url": "a"}]
    assert await publishing("a") == "9 published"


def measure(page: str) -> int:
    return len(page) * 100


async def test_a_stand_in_holds_on_the_engine_too(engine_address: str) -> None:
    async with start_environment(workflows=[publishing], address=engine_address) as environment:
        with stub(store, measure), stub(fetch, raises=None, returns="ab"):
            assert await environment.run(publishing, "a") == "200 published"
        with stub(fetch, raises=FatalError("no network")), pytest.raises(RunFailedError, match="no network"):
            await environment.run(publishing, "a")


async def test_what_a_stand_in_returns_is_parsed_like_the_step_s_result() -> None:
    with stub(store, returns="no number"), pytest.raises(Exception, match="The result of step 'store' does not fit"):
        await publishing("a")


async def test_months_pass_in_no_time() -> None:
    async with start_environment(workflows=[monthly, Named], time_skipping=True) as environment:
        assert await environment.run(monthly, 12) == 360
        run = await environment.start(Named)
        await run.signal("add", "Ann")
        await run.signal("add", "Bob")
        assert await run.result() == ["Ann", "Bob"]


async def test_messages_reach_a_run(engine_address: str) -> None:
    async with start_environment(workflows=[Named], address=engine_address) as environment:
        run = await environment.start(Named.with_options(workflow_id="named-1"))
        assert await run.update("put", "Ann") == 1
        with pytest.raises(Exception, match="failed"):
            await run.update("put", "")
        assert await run.update("put", "Bob") == 2
        assert (await run.result(), run.workflow_id) == (["Ann", "Bob"], "named-1")


async def test_a_project_s_workflows_are_served_too(engine_address: str, tmp_path: Path) -> None:
    folder = tmp_path / "kit_flows" / "greeting"
    folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.output]\nworkflows = "kit_flows"\n')
    (folder / "workflow.py").write_text(
        "from output import workflow\n\n\n@workflow\nasync def greeting(name: str) -> str:\n    return f'hi {name}'\n"
    )
    async with start_environment(project=tmp_path, address=engine_address) as environment:
        greeting = environment.registry.workflows["greeting"]
        assert await environment.run(greeting, "Ann") == "hi Ann"


def changed(kind: str) -> Workflow[[str], str]:
    """Today's code of `publishing`."""

    @workflow(name="publishing")
    async def same(url: str) -> str:
        return await publish(await store(await fetch(url)))

    @workflow(name="publishing")
    async def swapped(url: str) -> str:
        await publish(1)
        return await publish(await store(await fetch(url)))

    @workflow(name="publishing")
    async def shortened(url: str) -> str:
        return str(await store(await fetch(url)))

    @workflow(name="publishing")
    async def lengthened(url: str) -> str:
        done = await publish(await store(await fetch(url)))
        return await fetch(done)

    return {"same": same, "swapped": swapped, "shortened": shortened, "lengthened": lengthened}[kind]


async def record(address: str) -> str:
    async with start_environment(workflows=[publishing], address=address) as environment:
        run = await environment.start(publishing, "a")
        await run.result()
        return await run.history()


async def test_replay_accepts_code_that_does_the_same(engine_address: str, tmp_path: Path) -> None:
    history = await record(engine_address)
    file = tmp_path / "history.json"
    file.write_text(history)

    await replay(history, workflows=[changed("same")])
    await replay(file, workflows=[publishing])


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("swapped", r"The recorded run called step 'fetch' \(event \d+\), the new code step 'publish' \(.*:\d+\)\."),
        ("shortened", r"called step 'publish' \(event \d+\); the new code does not call it there, after step 'store'"),
        ("lengthened", r"The new code calls step 'fetch' \(.*:\d+\), which the recorded run had not called there\."),
    ],
)
async def test_replay_says_where_new_code_departs(engine_address: str, kind: str, told: str) -> None:
    history = await record(engine_address)

    with pytest.raises(ReplayDepartedError, match=told) as caught:
        await replay(history, workflows=[changed(kind)])
    assert caught.value.where is not None
    assert re.fullmatch(r".*test_environment\.py:\d+", caught.value.where)


async def test_replay_of_another_workflow_s_history_says_so(engine_address: str) -> None:
    history = (await record(engine_address)).replace('"name": "publishing"', '"name": "elsewhere"')

    with pytest.raises(ValueError, match="The history is of workflow 'elsewhere'; given are"):
        await replay(history, workflows=[publishing])


def test_the_plugin_gives_an_engine_and_stand_ins_and_keeps_the_exit_code(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio
        from output import step, workflow
        from output.testing import start_environment

        @step
        async def fetch(url: str) -> str:
            return url

        @workflow
        async def fetching(url: str) -> str:
            return await fetch(url)

        def test_on_the_engine(output_engine, output_stub):
            stubbed = output_stub(fetch, returns="stood in")

            async def run():
                async with start_environment(workflows=[fetching], address=output_engine) as environment:
                    return await environment.run(fetching, "u")

            assert asyncio.run(run()) == "stood in"
            assert stubbed.calls == [{"url": "u"}]

        def test_that_fails():
            assert False
        """
    )
    result = pytester.runpytest_subprocess(
        "-q", "-p", "output.testing.plugin", "-p", "no:randomly", "-p", "no:cacheprovider"
    )

    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == 1
