"""Calls of steps, evaluators and workflows keep their types: pyright proves it, strictly."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from datetime import timedelta
from typing import assert_type

from pydantic import BaseModel

from output import (
    ChildRun,
    Done,
    Failed,
    VerdictEvaluation,
    evaluator,
    execute_in_parallel,
    query,
    signal,
    start_child,
    step,
    update,
    workflow,
)
from output.testing import start_environment


class Page(BaseModel):
    url: str


@step
async def fetch(url: str, *, depth: int = 1) -> Page:
    return Page(url=f"{url}{depth}")


@step(timeout=timedelta(seconds=1))
def count(page: Page) -> int:
    return len(page.url)


@step(name="titled")
async def title(page: Page) -> str:
    return page.url


@evaluator
async def judge(page: Page) -> VerdictEvaluation:
    return VerdictEvaluation(value="pass", confidence=len(page.url) / 100)


@evaluator(name="judged")
def judge_plainly(page: Page) -> VerdictEvaluation:
    return VerdictEvaluation(value="pass", confidence=len(page.url) / 100)


@workflow
async def crawl(url: str, depth: int = 1) -> list[Page]:
    return [await fetch(url, depth=depth)]


@workflow(name="crawled")
async def crawl_with_options(url: str) -> int:
    return len(url)


@workflow
class Watch:
    async def run(self, url: str) -> Page:
        return Page(url=url)

    @signal
    def stop(self, reason: str) -> None: ...

    @query
    def size(self) -> int:
        return 1

    @update
    async def rename(self, name: str) -> str:
        return name

    @rename.validator
    def check_name(self, name: str) -> None: ...


@workflow(name="watched", timeout=timedelta(days=1))
class WatchWithOptions:
    async def run(self) -> int:
        return 1


async def calls() -> None:
    assert_type(await fetch("u"), Page)
    assert_type(await fetch("u", depth=2), Page)
    assert_type(await fetch.with_options(timeout=timedelta(1))("u"), Page)
    assert_type(await count(Page(url="u")), int)
    assert_type(await title(Page(url="u")), str)
    assert_type(await judge(Page(url="u")), VerdictEvaluation)
    assert_type(await judge_plainly(Page(url="u")), VerdictEvaluation)
    assert_type(await crawl("u"), list[Page])
    assert_type(await crawl.with_options(workflow_id="w")("u", depth=2), list[Page])
    assert_type(await crawl_with_options("u"), int)
    assert_type(await Watch("u"), Page)
    assert_type(await Watch.with_options(timeout=timedelta(1))("u"), Page)
    assert_type(await WatchWithOptions(), int)


async def children() -> None:
    assert_type(await start_child(crawl, "u", depth=1), ChildRun)
    assert_type(await start_child(Watch, "u"), ChildRun)
    endings = await execute_in_parallel([fetch("a"), fetch("b")])
    assert_type(endings, list[Done[Page] | Failed])
    for ending in endings:
        if isinstance(ending, Failed):
            assert_type(ending.error, Exception)
        else:
            assert_type(ending.result, Page)


async def on_an_environment() -> None:
    async with start_environment(workflows=[crawl, Watch]) as environment:
        assert_type(await environment.run(crawl, "u"), list[Page])
        assert_type(await environment.run(Watch, "u"), Page)
        run = await environment.start(crawl, "u", depth=3)
        assert_type(await run.result(), list[Page])


async def mistakes() -> None:
    # Each ignore is needed: pyright fails on one that is not.
    await fetch(3)  # pyright: ignore[reportArgumentType]
    await fetch("u", deep=3)  # pyright: ignore[reportCallIssue]
    await crawl(url=None)  # pyright: ignore[reportArgumentType]
    await Watch(3)  # pyright: ignore[reportArgumentType]
    await start_child(crawl, 3)  # pyright: ignore[reportArgumentType, reportCallIssue]
    crawl.continue_as_new(3)  # pyright: ignore[reportArgumentType]


def continuing() -> None:
    Watch.continue_as_new(3)  # pyright: ignore[reportArgumentType]


async def methods() -> None:
    instance = Watch.implementation()
    assert_type(instance.size(), int)
    assert_type(await instance.rename("n"), str)
    instance.stop(3)  # pyright: ignore[reportArgumentType]
