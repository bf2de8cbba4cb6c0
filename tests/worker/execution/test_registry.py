"""Which step an activity type means."""

from __future__ import annotations

from typing import cast

import pytest

from output import evaluator, step, workflow
from output.authoring.evaluator import BooleanEvaluation
from output.authoring.step import AnyStep
from output.authoring.workflow import AnyWorkflow
from output.worker.execution.registry import Registry, activity_type, build_registry
from output.worker.project.discovery import FoundWorkflow
from output.worker.project.reachability import Reach


@step
async def pack(what: str) -> str:
    return what


@step(name="pack")
async def pack_elsewhere(what: str) -> str:
    return what


@step
async def hidden() -> None: ...


@evaluator
async def judge(what: str) -> BooleanEvaluation:
    return BooleanEvaluation(value=bool(what), confidence=1)


@workflow
async def order() -> None: ...


@workflow(trace=False)
async def quiet() -> None: ...


def steps(*given: object) -> list[AnyStep]:
    return [cast("AnyStep", each) for each in given]


def found(definition: object, *given: object) -> FoundWorkflow:
    return FoundWorkflow(cast("AnyWorkflow", definition), "workflows/x.py", tuple(steps(*given)), cast("Reach", None))


@pytest.fixture
def registry() -> Registry:
    return build_registry(
        [found(order, pack, judge), found(quiet, pack_elsewhere)], steps(pack, pack_elsewhere, hidden, judge)
    )


def test_each_workflow_has_its_own_step_of_a_name(registry: Registry) -> None:
    assert registry.find_step(activity_type("order", "pack")) is pack
    assert registry.find_step(activity_type("quiet", "pack")) is pack_elsewhere


def test_a_step_that_reading_the_code_does_not_show_is_found_by_its_name(registry: Registry) -> None:
    assert registry.find_step("order#hidden") is hidden


def test_built_in_steps_are_everywhere(registry: Registry) -> None:
    kinds = [registry.kind_of(f"order#{name}") for name in ("send_http_request", "await_webhook")]

    assert kinds == ["http", "webhook"]


def test_a_name_that_may_mean_several_is_refused_with_their_places(registry: Registry) -> None:
    with pytest.raises(LookupError, match=r"several steps \(.*test_registry.py.*give them different names"):
        registry.find_step("another#pack")


def test_a_name_that_nobody_has_is_refused(registry: Registry) -> None:
    with pytest.raises(LookupError, match="no step 'nobody'"):
        registry.find_step("order#nobody")


def test_the_kind_of_what_is_unknown_is_a_step(registry: Registry) -> None:
    assert [registry.kind_of(each) for each in ("order#judge", "order#pack", "order#nobody")] == [
        "evaluator",
        "step",
        "step",
    ]


def test_traces_are_wanted_unless_a_workflow_says_otherwise(registry: Registry) -> None:
    assert [registry.is_traced(each) for each in ("order", "quiet", "nobody")] == [True, False, False]
