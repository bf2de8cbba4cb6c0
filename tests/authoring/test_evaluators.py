"""Steps that judge."""

from __future__ import annotations

from typing import Literal

import pytest

from output import (
    BooleanEvaluation,
    EvaluationFeedback,
    EvaluationResult,
    NumberEvaluation,
    StringEvaluation,
    ValidationError,
    VerdictEvaluation,
    evaluator,
    workflow,
)
from tests.authoring.conftest import Way


@evaluator
async def judge(text: str) -> VerdictEvaluation:
    """Judge a text's tone."""
    return VerdictEvaluation(
        value="partial",
        confidence=0.8,
        reasoning="some of it",
        feedback=[EvaluationFeedback(issue="rude", suggestion="smile", reference=text, priority="high")],
        dimensions={
            "polite": BooleanEvaluation(value=False, confidence=1),
            "words": NumberEvaluation(value=2, confidence=1),
            "language": StringEvaluation(value="en", confidence=0.9),
        },
    )


@evaluator(name="score_text")
def score(text: str) -> EvaluationResult[float]:
    return EvaluationResult[float](value=len(text) / 10, confidence=1)


@workflow
async def judging(text: str) -> VerdictEvaluation:
    verdict = await judge(text)
    assert (await score(text)).value == 0.3
    return verdict


async def test_a_judgement_arrives_whole(way: Way) -> None:
    verdict = await way.run(judging, "hey")

    assert (verdict.value, verdict.confidence, verdict.reasoning) == ("partial", 0.8, "some of it")
    assert verdict.feedback[0].priority == "high"
    assert {name: dimension.value for name, dimension in verdict.dimensions.items()} == {
        "polite": False,
        "words": 2,
        "language": "en",
    }


def test_an_evaluator_is_a_step_of_its_own_kind() -> None:
    assert (judge.kind, judge.name, score.name) == ("evaluator", "judge", "score_text")


async def test_an_evaluator_that_returns_no_judgement_is_refused() -> None:
    @evaluator  # type: ignore[arg-type]  # what is tested
    async def shrug(text: str) -> Literal["ok"]:
        return "ok"

    with pytest.raises(TypeError, match="returns no EvaluationResult"):
        await shrug("x")


@pytest.mark.parametrize("value", ["good", "PASS", None])
def test_a_verdict_is_one_of_three(value: str) -> None:
    with pytest.raises(ValueError, match="value"):
        VerdictEvaluation.model_validate({"value": value, "confidence": 1})


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        BooleanEvaluation(value=True, confidence=confidence)
    assert issubclass(ValidationError, Exception)
