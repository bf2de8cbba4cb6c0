"""Models of every kind go through workflow, step and child on the real engine, and come back as they were.

`OUTPUT_TEST_MODELS=5000` sends as many, and other ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, cast

import pydantic
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel, create_model

from output import step, workflow
from output.authoring.schema.value_type import ValueType
from output.authoring.workflow import AnyWorkflow
from output.testing import start_environment
from tests.support.generated_models import instances

MODELS = int(os.environ.get("OUTPUT_TEST_MODELS", "500"))
BATCH = 50


def draw_instances() -> list[BaseModel]:
    found: list[BaseModel] = []

    @settings(
        max_examples=MODELS,
        derandomize="OUTPUT_TEST_MODELS" not in os.environ,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(instances())
    def draw(instance: BaseModel) -> None:
        # Told here, a fault is reduced to its smallest model.
        value_type: ValueType[BaseModel] = ValueType(type(instance), label="The model", path="input")
        assert value_type.parse_json(value_type.dump(instance)) == instance
        found.append(instance)

    draw()
    return found[:MODELS]


def workflow_of(number: int, members: Sequence[BaseModel]) -> tuple[AnyWorkflow, BaseModel]:
    """A workflow that takes all the models in one, with a step and a child of its own."""
    fields = {f"member_{place}": (type(member), ...) for place, member in enumerate(members)}
    batch = create_model(f"Batch{number}", **cast("dict[str, Any]", fields))
    values = {f"member_{place}": member for place, member in enumerate(members)}

    async def carry(given: Any) -> Any:
        return given

    async def pass_on(given: Any) -> Any:
        assert type(given) is batch
        return await child(await through(given))

    for function, name in ((carry, f"carry_{number}"), (pass_on, f"pass_on_{number}")):
        function.__annotations__ = {"given": batch, "return": batch}
        function.__name__ = function.__qualname__ = name
    through = step(carry)
    child = workflow(name=f"child_{number}")(carry)
    return workflow(pass_on), batch.model_construct(_fields_set=set(values), **values)


async def test_500_models_come_back_as_they_were(engine_address: str) -> None:
    drawn = draw_instances()
    batches = [workflow_of(place, drawn[place : place + BATCH]) for place in range(0, len(drawn), BATCH)]

    async with start_environment(
        workflows=[each for each, _ in batches], address=engine_address, max_cached_workflows=0
    ) as environment:
        for definition, sent in batches:
            came_back = await environment.run(definition, sent)
            assert isinstance(came_back, pydantic.BaseModel)
            for name in type(sent).model_fields:
                assert getattr(came_back, name) == getattr(sent, name), name
