"""The engine's errors as ours: every status of it is mapped."""

from __future__ import annotations

import pytest
from temporalio.service import RPCError, RPCStatusCode

from output.engine.rpc_errors import translate_rpc_errors
from output.errors import (
    EngineBusyError,
    EngineNotAvailableError,
    OutputError,
    ValidationError,
    WorkflowAlreadyClosedError,
    WorkflowAlreadyStartedError,
    WorkflowNotFoundError,
)
from output.models.references import RunRef

RUN = RunRef("x", "7")
MAPPED: dict[RPCStatusCode, type[Exception]] = {
    RPCStatusCode.OK: RPCError,  # never raised
    RPCStatusCode.CANCELLED: EngineNotAvailableError,
    RPCStatusCode.UNKNOWN: EngineNotAvailableError,
    RPCStatusCode.INVALID_ARGUMENT: ValidationError,
    RPCStatusCode.DEADLINE_EXCEEDED: EngineNotAvailableError,
    RPCStatusCode.NOT_FOUND: WorkflowNotFoundError,
    RPCStatusCode.ALREADY_EXISTS: WorkflowAlreadyStartedError,
    RPCStatusCode.PERMISSION_DENIED: EngineNotAvailableError,
    RPCStatusCode.RESOURCE_EXHAUSTED: EngineBusyError,
    RPCStatusCode.FAILED_PRECONDITION: ValidationError,
    RPCStatusCode.ABORTED: EngineNotAvailableError,
    RPCStatusCode.OUT_OF_RANGE: RPCError,  # a message over our own limit: a 500, with the reason in the log
    RPCStatusCode.UNIMPLEMENTED: RPCError,  # a call that this engine is too old for: the same
    RPCStatusCode.INTERNAL: EngineNotAvailableError,
    RPCStatusCode.UNAVAILABLE: EngineNotAvailableError,
    RPCStatusCode.DATA_LOSS: EngineNotAvailableError,
    RPCStatusCode.UNAUTHENTICATED: EngineNotAvailableError,
}


@pytest.mark.parametrize("status", list(RPCStatusCode))
def test_every_status_of_the_engine_is_mapped(status: RPCStatusCode) -> None:
    error = RPCError("it says why", status, b"")
    with pytest.raises((OutputError, RPCError)) as caught, translate_rpc_errors(RUN):
        raise error

    assert type(caught.value) is MAPPED[status]
    if isinstance(caught.value, OutputError):
        assert caught.value.__cause__ is error


def test_a_closed_run_is_told_from_a_missing_one() -> None:
    closed = RPCError("workflow execution already completed", RPCStatusCode.NOT_FOUND, b"")
    with pytest.raises(WorkflowAlreadyClosedError), translate_rpc_errors(RUN):
        raise closed


def test_a_missing_namespace_is_a_matter_of_settings() -> None:
    missing = RPCError("Namespace nope is not found.", RPCStatusCode.NOT_FOUND, b"")
    with pytest.raises(EngineNotAvailableError, match="TEMPORAL_NAMESPACE"), translate_rpc_errors(RUN):
        raise missing


def test_a_connection_that_cannot_be_made_is_an_engine_that_is_away_and_other_bugs_pass() -> None:
    with pytest.raises(EngineNotAvailableError), translate_rpc_errors(RUN):
        raise RuntimeError("Failed client connect: transport error")
    with pytest.raises(RuntimeError, match="a bug"), translate_rpc_errors(RUN):
        raise RuntimeError("a bug")
