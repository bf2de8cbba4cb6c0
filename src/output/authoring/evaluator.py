"""Evaluators: steps that judge, and what their judgement looks like."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, ParamSpec, TypeVar, Unpack, cast, overload

from pydantic import BaseModel, Field

from output.authoring.options import ActivityOptions, ActivityOptionValues
from output.authoring.schema.signature import Signature
from output.authoring.step import Step

Verdict = Literal["pass", "partial", "fail"]
V = TypeVar("V", bool, float, str)
P = ParamSpec("P")


class EvaluationFeedback(BaseModel):
    """One thing to make better."""

    issue: str
    suggestion: str | None = None
    reference: str | None = None
    priority: Literal["low", "medium", "high", "critical"] | None = None


class EvaluationResult(BaseModel, Generic[V]):
    """A judgement: its value, how sure it is (0 to 1), why, what to do, and the same of each dimension by name."""

    value: V
    confidence: Annotated[float, Field(ge=0, le=1)]
    reasoning: str | None = None
    feedback: list[EvaluationFeedback] = Field(default_factory=list[EvaluationFeedback])
    dimensions: dict[str, AnyEvaluation] = Field(default_factory=dict[str, "AnyEvaluation"])


class BooleanEvaluation(EvaluationResult[bool]):
    """Yes or no."""

    value: Annotated[bool, Field(strict=True)]


class NumberEvaluation(EvaluationResult[float]):
    """A number, such as a score.

    Example:
        score = NumberEvaluation(value=0.8, confidence=0.9, reasoning="close to the reference")
        assert score.model_dump()["value"] == 0.8
    """


class StringEvaluation(EvaluationResult[str]):
    """A text, such as a category."""


class VerdictEvaluation(EvaluationResult[str]):
    """`pass`, `partial` or `fail`."""

    value: Verdict  # type: ignore[reportIncompatibleVariableOverride]  # narrower, and nobody assigns to it


AnyEvaluation = BooleanEvaluation | VerdictEvaluation | NumberEvaluation | StringEvaluation
EvaluationResult.model_rebuild()
E = TypeVar("E", bound=EvaluationResult[Any])


class Evaluator(Step[P, E]):
    """A step that judges."""

    @cached_property
    def signature(self) -> Signature[E]:
        """How its arguments and judgement cross the engine; raises TypeError when it returns no judgement."""
        signature: Signature[E] = Signature(self.function, what=f"evaluator {self.name!r}")
        annotation = signature.result.annotation
        if not (isinstance(annotation, type) and issubclass(annotation, EvaluationResult)):
            raise TypeError(f"Evaluator {self.name!r} returns no EvaluationResult; annotate it with one.")
        return signature


class EvaluatorDecorator:
    """`@evaluator(...)` with its options, waiting for the function."""

    def __init__(
        self, *, name: str | None, description: str | None, options: ActivityOptions, quick: bool = False
    ) -> None:
        self._name, self._description, self._options, self._quick = name, description, options, quick

    @overload
    def __call__(self, function: Callable[P, Coroutine[None, None, E]], /) -> Step[P, E]: ...
    @overload
    def __call__(self, function: Callable[P, E], /) -> Step[P, E]: ...
    def __call__(self, function: Callable[P, Awaitable[E] | E], /) -> Step[P, E]:
        return Evaluator(
            function,
            name=self._name,
            description=self._description,
            options=self._options,
            kind="evaluator",
            quick=self._quick,
        )


@overload
def evaluator(function: Callable[P, Coroutine[None, None, E]], /) -> Step[P, E]: ...
@overload
def evaluator(function: Callable[P, E], /) -> Step[P, E]: ...
@overload
def evaluator(
    *,
    name: str | None = None,
    description: str | None = None,
    quick: bool = False,
    **options: Unpack[ActivityOptionValues],
) -> EvaluatorDecorator: ...
def evaluator(
    function: Callable[P, Awaitable[E] | E] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    quick: bool = False,
    **options: Unpack[ActivityOptionValues],
) -> Step[P, E] | EvaluatorDecorator:
    """Make a function that judges a step; it returns an `EvaluationResult`. Options are those of `@step`.

    Example:
        @evaluator
        async def judge(text: str) -> BooleanEvaluation:
            return BooleanEvaluation(value=len(text) > 3, confidence=1.0, reasoning="long enough")

        assert (await judge("hello")).value is True
    """
    decorate = EvaluatorDecorator(name=name, description=description, options=ActivityOptions(**options), quick=quick)
    return decorate if function is None else decorate(cast("Callable[P, E]", function))
