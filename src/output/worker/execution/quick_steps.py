"""Quick steps, seen from workflow code: local activities with our options, named and failing as steps do."""

from __future__ import annotations

from datetime import timedelta

from temporalio.exceptions import ActivityError, FailureError
from temporalio.exceptions import TimeoutError as EngineTimeoutError

from output.authoring.options import QUICK_DEFAULTS, QUICK_LIMIT, ActivityOptions, merge
from output.authoring.runtime.protocol import StepCall

# A pause up to this long is spent on the worker, within the workflow's task; a longer one is a timer of the engine's.
PAUSE_IN_PLACE = timedelta(seconds=1)


def quick_options(call: StepCall, *weaker: ActivityOptions | None) -> ActivityOptions:
    """The options of one call; what holds for all steps of a run bounds a quick one only as far as it may last."""
    options = merge(QUICK_DEFAULTS, *weaker, call.call_options, call.own_options)
    if options.timeout is not None and options.timeout <= QUICK_LIMIT:
        return options
    return merge(options, ActivityOptions(timeout=QUICK_DEFAULTS.timeout))


class QuickStepError(ActivityError):
    """How a quick step failed, in the shape in which the engine reports an ordinary one."""

    def __init__(self, error: FailureError, *, activity_type: str, activity_id: str) -> None:
        super().__init__(
            "Quick step failed",
            scheduled_event_id=0,
            started_event_id=0,
            identity="",
            activity_type=activity_type,
            activity_id=activity_id,
            retry_state=None,
        )
        self.__cause__ = error


def explain_timeout(error: FailureError, *, step: str, timeout: timedelta | None) -> FailureError:
    """What is behind the engine's wrapper; for a quick step that took too long, with what to do about it."""
    while isinstance(error, ActivityError) and isinstance(error.cause, FailureError):
        error = error.cause
    if not isinstance(error, EngineTimeoutError) or timeout is None:
        return error
    return EngineTimeoutError(
        f"The quick step {step!r} did not end within {timeout.total_seconds():g} s; give it a longer timeout "
        f"(at most {QUICK_LIMIT.total_seconds():g} s), or make it an ordinary step.",
        type=error.type,
        last_heartbeat_details=[],
    )
