"""An exception crosses the engine with its own name, message, causes and attributes."""

from __future__ import annotations

import pytest
from temporalio.api.enums.v1 import TimeoutType
from temporalio.api.failure.v1 import Failure

from output.engine.failures import CodeError, FailureConverter, WorkflowCodeError, failure_type, read_failure
from output.engine.payloads.converter import build_data_converter
from output.errors import FatalError, TransparentFatalError, ValidationError
from output.models.references import Issue
from output.models.runs import ErrorInfo

CONVERTER = build_data_converter().payload_converter


class OutOfStockError(Exception):
    """An author's exception with facts of its own."""

    def __init__(self, product: str, *, left: int) -> None:
        super().__init__(f"only {left} of {product}")
        self.product, self.left, self.password = product, left, "hunter2"


def write(error: BaseException) -> Failure:
    failure = Failure()
    FailureConverter().to_failure(error, CONVERTER, failure)
    return failure


def read(failure: Failure) -> ErrorInfo:
    return read_failure(failure, CONVERTER)


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """The error as it is once it was raised."""
    try:
        raise error from cause  # noqa: TRY301 — to have a traceback
    except BaseException as caught:  # noqa: BLE001
        return caught


def test_name_message_and_attributes_come_back_without_secrets() -> None:
    info = read(write(raised(OutOfStockError("coffee", left=2))))

    assert (info.name, info.message) == ("OutOfStockError", "only 2 of coffee")
    attributes = info.model_dump()["attributes"]
    assert (attributes["product"], attributes["left"]) == ("coffee", 2)
    assert "hunter2" not in str(attributes)


def test_the_chain_of_causes_is_kept_in_order() -> None:
    inner = raised(KeyError("key"))
    middle = raised(ValueError("value"), inner)
    info = read(write(raised(OutOfStockError("tea", left=0), middle)))

    assert info.cause is not None
    assert info.cause.cause is not None
    assert [info.name, info.cause.name, info.cause.cause.name] == ["OutOfStockError", "ValueError", "KeyError"]
    assert info.cause.cause.cause is None


def test_a_chain_without_end_is_cut() -> None:
    error: BaseException = ValueError("0")
    for number in range(1, 40):
        error = raised(ValueError(str(number)), error)
    failure, depth = write(error), 0
    while failure.HasField("cause"):
        failure, depth = failure.cause, depth + 1

    assert depth == 10


@pytest.mark.parametrize(
    ("error", "is_final"),
    [
        (ValueError("again"), False),
        (FatalError("never"), True),
        (TransparentFatalError(ValueError("never")), True),
        (WorkflowCodeError(ValueError("the run's end")), True),
        (CodeError(ValueError("again"), is_final=False), False),
        (CodeError(FatalError("never"), is_final=False), True),
    ],
)
def test_what_no_retry_mends_is_marked(error: BaseException, is_final: bool) -> None:
    assert write(error).application_failure_info.non_retryable is is_final


def test_a_transparent_error_is_reported_as_its_cause() -> None:
    info = read(write(TransparentFatalError(OutOfStockError("milk", left=1))))

    assert (info.name, info.message) == ("OutOfStockError", "only 1 of milk")


def test_a_validation_error_has_its_issues_and_not_the_librarys_report() -> None:
    error = raised(ValidationError("does not fit", issues=[Issue("input.url", "no URL", "url")]), ValueError("report"))
    info = read(write(error))

    assert info.model_dump()["issues"] == [{"path": "input.url", "message": "no URL", "code": "url"}]
    assert info.cause is None


def test_messages_are_cut_and_fit_to_be_sent() -> None:
    long, surrogate = write(ValueError("x" * 100_000)), write(ValueError("\ud800"))

    assert long.message.endswith("(100000 characters)")
    assert len(long.message) < 66_000
    assert surrogate.message == "?"


def test_an_error_whose_text_cannot_be_made_is_still_told() -> None:
    class SilentError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    assert write(SilentError()).message == "<<no message: RuntimeError>>"


def test_the_engines_wrappers_are_left_out_but_name_the_step() -> None:
    wrapper = Failure(message="Activity task failed")
    wrapper.activity_failure_info.activity_type.name = "order#reserve"
    wrapper.cause.CopyFrom(write(OutOfStockError("tea", left=0)))
    outer = Failure(message="Child Workflow execution failed")
    outer.child_workflow_execution_failure_info.workflow_type.name = "order"
    outer.cause.CopyFrom(wrapper)

    info = read(outer)

    assert (info.name, info.activity_type) == ("OutOfStockError", "order#reserve")


def test_what_the_engine_itself_reports_has_a_name() -> None:
    timeout, canceled, unknown = Failure(message="too late"), Failure(), Failure()
    timeout.timeout_failure_info.timeout_type = TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
    canceled.canceled_failure_info.SetInParent()

    assert [failure_type(each) for each in (timeout, canceled, unknown)] == ["TimeoutError", "CancelledError", "Error"]


def test_details_of_another_sdk_do_no_harm() -> None:
    failure = Failure(message="from elsewhere")
    failure.application_failure_info.type = "Boom"
    failure.application_failure_info.details.payloads.add(metadata={"encoding": b"binary/strange"}, data=b"\x00")

    assert (read(failure).name, read(failure).message) == ("Boom", "from elsewhere")
