"""Errors cross the wire with all that their classes promise."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from output.errors import OutputError, PayloadTooLargeError, WorkflowExecutionTimedOutError, wire_errors
from output.models.errors import ErrorBody
from output.models.references import Issue, RunRef

RUN = RunRef("w", "r")
EXAMPLES: Mapping[object, object] = {
    str: "some text",
    int: 7,
    int | None: 7,
    str | None: "some text",
    bool: True,
    timedelta: timedelta(seconds=2.5),
    timedelta | None: timedelta(seconds=2.5),
    RunRef: RUN,
    RunRef | None: RUN,
    Sequence[str]: ("one", "two"),
    Mapping[str, object]: {"kind": "no_worker", "message": "some text", "since": 1, "attempts": 0},
    Sequence[Issue]: (Issue("body.input", "does not fit", "type"),),
}
ERRORS = sorted(wire_errors().values(), key=lambda each: each.__name__)


def make(error_class: type[OutputError]) -> OutputError:
    """An error of a class, made as the server makes it."""
    hints = typing.get_type_hints(error_class.__init__)
    parameters = list(inspect.signature(error_class.__init__).parameters.values())[1:]
    words = {each.name: EXAMPLES[hints[each.name]] for each in parameters if each.name != "retry_after"}
    first = [words.pop(each.name) for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    return error_class(*first, **words)  # type: ignore[arg-type]  # filled by the signature


@pytest.mark.parametrize("error_class", ERRORS)
def test_a_client_rebuilds_every_attribute(error_class: type[OutputError]) -> None:
    error = make(error_class)
    sent = ErrorBody.model_validate(error.body()).model_dump(by_alias=True, exclude_none=True)
    rebuilt = OutputError.from_body(sent, retry_after=error.retry_after)

    assert type(rebuilt) is error_class
    assert sent == error.body()
    assert vars(rebuilt) == vars(error)


@pytest.mark.parametrize("error_class", ERRORS)
def test_what_a_server_does_not_send_is_there_and_empty(error_class: type[OutputError]) -> None:
    rebuilt = OutputError.from_body({"error": error_class.__name__, "message": "it went wrong"})

    missing = set(vars(make(error_class))) - set(vars(rebuilt))
    assert not missing, f"set {missing} in `restore`, or name them in `details`"
    assert (rebuilt.message, str(rebuilt)) == ("it went wrong", "it went wrong")


def test_times_and_sizes_keep_their_units() -> None:
    waited = WorkflowExecutionTimedOutError(timedelta(seconds=1.5), run=RUN).body()
    large = PayloadTooLargeError("too large", limit=2, size=None).body()

    assert waited["details"] == {"waitedMs": 1500}
    assert large["details"] == {"limit": 2}


def test_an_unknown_error_keeps_its_name_in_the_message() -> None:
    error = OutputError.from_body({"error": "NewerError", "message": "from a newer server", "details": "no object"})

    assert (type(error), str(error)) == (OutputError, "NewerError: from a newer server")
