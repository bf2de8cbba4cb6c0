"""The one place where the engine's errors become ours."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

from temporalio.exceptions import WorkflowAlreadyStartedError as EngineAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

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

# What one ordinary call may take: a caller is told within 3 s that the engine is away.
RPC_TIMEOUT = timedelta(seconds=2.5)

_AWAY = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,  # a deadline of our side shows as CANCELLED "Timeout expired"
        RPCStatusCode.ABORTED,
        RPCStatusCode.UNKNOWN,  # a connection that breaks under a call has no status of its own
        RPCStatusCode.INTERNAL,
        RPCStatusCode.DATA_LOSS,
    }
)


@contextmanager
def translate_rpc_errors(run: RunRef | None = None) -> Generator[None]:
    """Raise our error for an error of the engine's; `run` is what was asked for."""
    try:
        yield
    except EngineAlreadyStartedError as error:
        workflow_id = run.workflow_id if run is not None else error.workflow_id
        raise WorkflowAlreadyStartedError(RunRef(workflow_id, error.run_id)) from error
    except RPCError as error:
        translated = translate(error, run)
        if translated is None:
            raise
        raise translated from error
    except RuntimeError as error:
        # The SDK says so, and no more, when it cannot connect.
        if "connect" not in str(error).lower():
            raise
        raise EngineNotAvailableError from error


def translate(error: RPCError, run: RunRef | None) -> OutputError | None:
    """Our error for a status of the engine's; None for one that is a fault of ours."""
    if error.status in _AWAY:
        return EngineNotAvailableError()
    match error.status:
        case RPCStatusCode.PERMISSION_DENIED | RPCStatusCode.UNAUTHENTICATED:
            why = "The engine refuses the server's credentials; check TEMPORAL_API_KEY or TLS."
            translated: OutputError | None = EngineNotAvailableError(why)
        case RPCStatusCode.RESOURCE_EXHAUSTED:
            translated = EngineBusyError()
        case RPCStatusCode.NOT_FOUND:
            translated = _not_found(error, run)
        case RPCStatusCode.ALREADY_EXISTS if run is not None:
            translated = WorkflowAlreadyStartedError(run)
        case RPCStatusCode.INVALID_ARGUMENT | RPCStatusCode.FAILED_PRECONDITION:
            translated = ValidationError(f"The engine refuses this: {error.message}", run=run)
        case _:
            translated = None
    return translated


def _not_found(error: RPCError, run: RunRef | None) -> OutputError:
    text = error.message.lower()
    if "namespace" in text and "not found" in text:
        return EngineNotAvailableError(f"The engine has no such namespace; check TEMPORAL_NAMESPACE ({error.message}).")
    if run is None:
        return WorkflowNotFoundError(error.message)
    if "already completed" in text:
        return WorkflowAlreadyClosedError(run)
    return WorkflowNotFoundError.no_run(run)
