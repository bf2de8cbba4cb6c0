"""What steps, children and workflows raise, and what arrives where."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from output import (
    ActivityOptions,
    ChildError,
    FatalError,
    Retry,
    StepError,
    TransparentFatalError,
    ValidationError,
    current_step,
    has_error_type,
    step,
    workflow,
)
from output.engine.failures import describe
from output.testing import RunFailedError, start_environment
from tests.authoring.conftest import Way

QUICK = ActivityOptions(retry=Retry(max_attempts=3, initial_interval=timedelta(milliseconds=10)))


class LookupFailedError(Exception):
    """A base class."""


class CompanyNotFoundError(LookupFailedError):
    def __init__(self, domain: str) -> None:
        super().__init__(f"no company at {domain}")
        self.domain = domain
        self.api_key = "k-123456"


@step
async def look_up(domain: str) -> str:
    """Fail in the way that the domain names."""
    match domain:
        case "fatal":
            raise FatalError("gone for good") from CompanyNotFoundError(domain)
        case "listed":
            raise CompanyNotFoundError(domain)
        case "transparent":
            raise TransparentFatalError(CompanyNotFoundError(domain))
        case "secret":
            raise FatalError("GET https://u:pw@registry.example/c?key=abc&page=7 with token=t0ps3cret failed")
        case "late":
            if current_step().attempt < 3:
                raise CompanyNotFoundError(domain)
        case _:
            pass
    return f"found at attempt {current_step().attempt}"


@workflow(activity_options=QUICK)
async def catching(domain: str) -> list[str | bool]:
    try:
        return [await look_up(domain)]
    except StepError as error:
        return [
            error.step,
            error.raised.name,
            error.raised.message,
            has_error_type(error, CompanyNotFoundError),
            has_error_type(error, LookupFailedError),
            has_error_type(error, "CompanyNotFoundError"),
            has_error_type(error, KeyError),
        ]


@workflow(activity_options=QUICK)
async def passing_on(domain: str) -> str:
    return await look_up(domain)


@workflow(activity_options=ActivityOptions(retry=Retry(max_attempts=5, non_retryable=(LookupFailedError,))))
async def listing(domain: str) -> str:
    return await look_up(domain)


def refuse(kind: str) -> None:
    raise CompanyNotFoundError(kind)


@workflow
async def raising(kind: str) -> None:
    try:
        refuse(kind)
    except CompanyNotFoundError as error:
        raise RuntimeError("the report has no subject") from error


@workflow
async def parent_of(domain: str) -> list[str | bool]:
    try:
        await passing_on(domain)
    except ChildError as error:
        return [error.workflow, error.raised.name, error.raised.message, has_error_type(error, CompanyNotFoundError)]
    return []


async def test_a_caught_step_error_tells_what_the_step_raised(way: Way) -> None:
    told = await way.run(catching, "fatal")

    assert told == ["look_up", "FatalError", "gone for good", True, True, True, False]


async def test_a_transparent_error_is_reported_as_its_cause(way: Way) -> None:
    told = await way.run(catching, "transparent")

    assert told[1:] == ["CompanyNotFoundError", "no company at transparent", True, True, True, False]


async def test_an_error_that_leaves_the_workflow_keeps_its_name_and_causes(way: Way) -> None:
    with pytest.raises(Exception, match="gone for good") as caught:
        await way.run(passing_on, "fatal")

    assert has_error_type(caught.value, FatalError)
    assert has_error_type(caught.value, CompanyNotFoundError)
    assert isinstance(caught.value, FatalError if way.is_plain else RunFailedError)


async def test_an_exception_of_the_workflow_fails_the_run_at_once(way: Way) -> None:
    with pytest.raises(Exception, match="the report has no subject") as caught:
        await way.run(raising, "x")

    assert has_error_type(caught.value, RuntimeError)
    assert has_error_type(caught.value, CompanyNotFoundError)


async def test_a_child_error_is_the_child_s_own(way: Way) -> None:
    told = await way.run(parent_of, "fatal")

    assert told == ["passing_on", "FatalError", "gone for good", True]


async def test_an_ordinary_exception_is_retried_by_policy(engine_address: str) -> None:
    async with start_environment(workflows=[passing_on], address=engine_address) as environment:
        assert await environment.run(passing_on, "late") == "found at attempt 3"


async def test_a_listed_base_class_keeps_its_subclasses_from_being_retried(engine_address: str) -> None:
    async with start_environment(workflows=[listing], address=engine_address) as environment:
        run = await environment.start(listing, "listed")
        with pytest.raises(RunFailedError, match="no company at listed"):
            await run.result()

        assert '"RETRY_STATE_NON_RETRYABLE_FAILURE"' in await run.history()


async def test_what_crosses_processes_holds_no_secrets(engine_address: str) -> None:
    async with start_environment(workflows=[passing_on], address=engine_address) as environment:
        run = await environment.start(passing_on, "secret")
        with pytest.raises(RunFailedError) as caught:
            await run.result()
        message = caught.value.raised.message
        with pytest.raises(RunFailedError) as attributed:
            await environment.run(listing, "listed")

    assert "registry.example/c?key=***&page=***" in message
    assert "pw" not in message
    assert "t0ps3cret" not in message
    assert attributed.value.raised.attributes == {"domain": "listed", "api_key": "***"}


async def test_an_input_that_does_not_fit_is_one_validation_error(engine_address: str) -> None:
    async with start_environment(workflows=[catching], address=engine_address) as environment:
        handle = await environment.engine.client.start_workflow(
            "catching", 3, id="misfit", task_queue=environment.engine.settings.catalog_id
        )
        with pytest.raises(Exception, match="failed") as caught:
            await handle.result()

    cause = caught.value.__cause__
    assert cause is not None
    assert "Input of workflow 'catching' does not fit" in str(cause)
    assert has_error_type(ValidationError("x"), FatalError)


@workflow(activity_options=QUICK)
async def grouping() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(passing_on("fatal"))
        group.create_task(look_up("fine"))


async def test_a_group_of_tasks_is_looked_into(way: Way) -> None:
    with pytest.raises(BaseException, match="unhandled errors in a TaskGroup") as caught:
        await way.run(grouping)

    assert has_error_type(caught.value, CompanyNotFoundError)


@pytest.mark.parametrize("value", [float("nan"), object(), {1: object()}], ids=["nan", "object", "nested"])
async def test_attributes_without_a_json_form_and_large_ones_are_left_out(value: object) -> None:
    error = CompanyNotFoundError("x")
    error.extra = value  # type: ignore[attr-defined]  # authors do
    error.page = "p" * 100_000  # type: ignore[attr-defined]  # authors do

    attributes = describe(error)["attributes"]

    assert isinstance(attributes, dict)
    assert attributes["domain"] == "x"
    assert attributes["page"] == "<<left out: 100002 bytes>>"
