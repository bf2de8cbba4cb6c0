"""The error tree: one class for each fault, which owns its wire name, HTTP status and sentence.

OutputError
├── FatalError                      an author's: never retried
│   ├── ValidationError             400  what was given does not fit, with every fault listed
│   ├── TransparentFatalError       an author's: never retried, reported as its cause
│   ├── ValueTooLargeError          413  a value over the engine's limit, named with its size
│   ├── HttpStatusError                  a request from a workflow was answered with a status of no success
│   └── WorkflowCodeForbiddenError       workflow code called what cannot be replayed
├── CallError                       of workflow code: what it called failed for good; `raised` says with what
│   ├── StepError                        … a step
│   ├── ChildError                       … a child workflow
│   └── RunFailedError                   … a run, in a test
├── ReplayDepartedError             in a test: new code does not do what the recorded run did
├── HttpBusyError                   of workflow code: a request was answered with a status to try again on
├── WebhookTimeoutError             of workflow code: no feedback came in time
├── ApprovalTimeoutError            of workflow code: nobody answered in time
├── ApprovalWithdrawnError          of workflow code: the question was withdrawn
├── InvalidPageTokenError           400
├── UnauthorizedError               401
├── ForbiddenError                  403
├── HostNotAllowedError             403
├── OriginNotAllowedError           403
├── WorkflowNotFoundError           404
├── HandlerNotFoundError            404
├── StepNotFoundError               404
├── TraceNotAvailableError          404
├── ScheduleNotFoundError           404
├── ApprovalNotFoundError           404
├── NotFoundError                   404
├── MethodNotAllowedError           405
├── WorkflowExecutionTimedOutError  408
├── WorkflowAlreadyStartedError     409
├── WorkflowAlreadyClosedError      409
├── ScheduleAlreadyExistsError      409
├── ScheduleDeclaredError           409
├── WorkflowTaskFailingError        409
├── StepNotCompletedError           409
├── NothingToResetError             409
├── ApprovalClosedError             410
├── PayloadTooLargeError            413
├── UnsupportedMediaTypeError       415
├── HandlerFailedError              422
├── IdempotencyKeyReusedError       422
├── WorkflowNotCompletedError       424
├── EngineBusyError                 429
├── TooManyAttemptsError            429
├── RequestHeadTooLargeError        431
├── CatalogNotAvailableError        503
├── WorkerNotAvailableError         503
├── EngineNotAvailableError         503
├── PayloadStoreNotAvailableError   503
├── ServerStoppingError             503
├── TooManyStreamsError             503
├── TooManyWaitsError               503
├── TooManyStartsError              503
├── TooManyConnectionsError         503
├── InternalServerError             500
└── of the client, never sent:
    ├── ServerNotReachableError     no answer came
    └── UnexpectedReplyError        the answer is none of an Output API's
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import ClassVar, cast

from output.models.details import Detail
from output.models.references import Issue, RunRef


class OutputError(Exception):
    """A fault that Output has a name for; `status` is its HTTP status."""

    status: ClassVar[int] = 500
    details: ClassVar[Sequence[Detail]] = ()

    def __init__(self, message: str, *, run: RunRef | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.run = run
        self.retry_after = retry_after

    @property
    def name(self) -> str:
        """The name on the wire."""
        return type(self).__name__

    def body(self) -> dict[str, object]:
        """The JSON answer that the contract lays down for this fault."""
        body: dict[str, object] = {"error": self.name, "message": self.message}
        if self.run is not None:
            body["workflowId"] = self.run.workflow_id
            if self.run.run_id is not None:
                body["runId"] = self.run.run_id
        known = {each.key: each.write(getattr(self, each.attribute)) for each in self.details}
        if sent := {key: value for key, value in known.items() if value is not None}:
            body["details"] = sent
        return body

    @staticmethod
    def from_body(body: Mapping[str, object], *, retry_after: timedelta | None = None) -> OutputError:
        """The fault that an answer names, of the class that the server raised.

        It has every attribute of its class: from the body's `details`, or what stands for "not sent". A name unknown
        here gives a plain OutputError, and so does one that no server sends.
        """
        name, message = str(body.get("error")), str(body.get("message", ""))
        known = wire_errors().get(name)
        workflow_id, run_id = body.get("workflowId"), body.get("runId")
        run = RunRef(workflow_id, run_id if isinstance(run_id, str) else None) if isinstance(workflow_id, str) else None
        error_class = known or OutputError
        error = error_class.__new__(error_class)
        OutputError.__init__(error, message if known else f"{name}: {message}", run=run, retry_after=retry_after)
        error.restore(body)
        return error

    def restore(self, body: Mapping[str, object]) -> None:
        """Take the facts of this class from the wire."""
        details = body.get("details")
        sent: Mapping[str, object] = cast("Mapping[str, object]", details) if isinstance(details, Mapping) else {}
        for each in self.details:
            setattr(self, each.attribute, each.read(sent))


class FatalError(OutputError):
    """Raise it from a step for a fault that no retry can mend.

    Example:
        @step
        async def refuse(age: int) -> int:
            if age < 0:
                raise FatalError(f"{age} is no age: asking again will not help.")
            return age

        assert await refuse(3) == 3
    """

    def __init__(self, message: str = "", *, run: RunRef | None = None) -> None:
        super().__init__(message, run=run)


class TransparentFatalError(FatalError):
    """Raise it from a step to give up at once and be reported as `cause`: its name, its message."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.__cause__ = cause


class ValidationError(FatalError):
    """What was given does not fit; `issues` lists every fault, not just the first."""

    status = 400

    def __init__(self, message: str, *, issues: Sequence[Issue] = (), run: RunRef | None = None) -> None:
        super().__init__(message, run=run)
        self.issues = tuple(issues)

    def body(self) -> dict[str, object]:
        return {**super().body(), "issues": [_issue_fields(issue) for issue in self.issues]}

    def restore(self, body: Mapping[str, object]) -> None:
        issues = cast("Sequence[Mapping[str, object]]", body.get("issues") or ())
        self.issues = tuple(
            Issue(
                str(issue.get("path", "")),
                str(issue.get("message", "")),
                str(issue.get("code", "")),
                cast("str | None", issue.get("pointer")),
            )
            for issue in issues
        )


def _issue_fields(issue: Issue) -> dict[str, object]:
    return {name: value for name, value in asdict(issue).items() if value is not None}


class WorkflowCodeForbiddenError(FatalError):
    """Workflow code called what cannot be replayed; `where` is the author's `file:line`."""

    def __init__(self, call: str, *, where: str, why: str, remedy: str) -> None:
        super().__init__(f"{where}: {call} is not allowed in workflow code, because {why}; {remedy}.")
        self.call, self.where, self.remedy = call, where, remedy


class ValueTooLargeError(FatalError):
    """A value that the engine does not take; sizes are in bytes."""

    status = 413
    details = (
        Detail("size", "size"),
        Detail("limit", "limit"),
    )

    def __init__(
        self, what: str, *, size: int, limit: int, advice: str = "keep the value elsewhere and pass a reference to it"
    ) -> None:
        super().__init__(f"{what} has {size} bytes, at most {limit} are taken: {advice}.")
        self.size, self.limit = size, limit


@dataclass(frozen=True)
class RaisedError:
    """An exception as it crossed processes; `types` are the full names of its class and that class's bases.

    `members` are those of a group.
    """

    name: str
    message: str
    types: tuple[str, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict[str, object])
    cause: RaisedError | None = None
    members: tuple[RaisedError, ...] = ()


class RemoteError(Exception):
    """An exception of another process, as the cause of a CallError: its class has the original's name.

    `failure` is how the engine reported it.
    """

    failure: BaseException | None = None

    @classmethod
    def of(cls, raised: RaisedError, failure: BaseException) -> RemoteError:
        """The exception that was raised there, with its causes."""
        error = cast("type[RemoteError]", type(raised.name, (cls,), {"__module__": cls.__module__}))(raised.message)
        error.failure = failure
        if raised.cause is not None:
            error.__cause__ = cls.of(raised.cause, failure)
        return error


class CallError(OutputError):
    """What a workflow called failed for good; `raised` tells the exception that was raised there."""

    def __init__(self, what: str, raised: RaisedError) -> None:
        super().__init__(f"{what} failed: {raised.name}: {raised.message}")
        self.raised = raised


class StepError(CallError):
    """A step failed for good: its retries are used up, or it must not be retried."""

    def __init__(self, step: str, raised: RaisedError) -> None:
        super().__init__(f"Step {step!r}", raised)
        self.step = step


class ChildError(CallError):
    """A child workflow ended without a result."""

    def __init__(self, workflow: str, raised: RaisedError, *, workflow_id: str) -> None:
        super().__init__(f"Child workflow {workflow!r} ({workflow_id})", raised)
        self.workflow, self.workflow_id = workflow, workflow_id


class RunFailedError(CallError):
    """A run that a test waited for ended without a result."""

    def __init__(self, run: RunRef, raised: RaisedError) -> None:
        super().__init__(f"Workflow {run}", raised)
        self.run = run


class ReplayDepartedError(OutputError):
    """New code does not do what the recorded run did; `where` is the author's `file:line`, where it is known."""

    def __init__(self, message: str, *, where: str | None, event_id: int | None) -> None:
        super().__init__(message)
        self.where, self.event_id = where, event_id


class NotAwaitedError(FatalError):
    """Workflow code made a call and never awaited it, so that nothing came of it; `call` and `where` say which."""

    def __init__(self, call: str, *, where: str) -> None:
        self.call, self.where = call, where
        super().__init__(f"{call} was called at {where} and never awaited, so nothing came of it; write `await` there.")


class WorkflowLoopSpinsError(OutputError):
    """Workflow code goes round without ever waiting for anything."""

    def __init__(self) -> None:
        super().__init__(
            "The workflow's loop never idles: something goes round without waiting, such as `while ...: await "
            "asyncio.sleep(0)`. Wait with `wait_for(...)` for what is to change, or with `sleep(...)` for time to pass."
        )


class HttpStatusError(FatalError):
    """A request from a workflow was answered with a status that trying again does not mend."""

    def __init__(self, method: str, url: str, *, http_status: int, body: str | None = None) -> None:
        super().__init__(f"{method} {url} was answered with {http_status}." + (f" {body}" if body else ""))
        self.http_status = http_status


class HttpBusyError(OutputError):
    """A request from a workflow was answered with 408, 425, 429 or 5xx: it is sent again."""

    def __init__(self, method: str, url: str, *, http_status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{method} {url} was answered with {http_status}.", retry_after=retry_after)
        self.http_status = http_status


class ApprovalTimeoutError(OutputError, TimeoutError):
    """Nobody answered the question in time."""

    def __init__(self, question: str) -> None:
        super().__init__(f"Nobody answered in time: {question}")
        self.question = question


class ApprovalWithdrawnError(OutputError):
    """The question was withdrawn, so nobody can answer it any more."""

    def __init__(self, question: str) -> None:
        super().__init__(f"The question was withdrawn: {question}")
        self.question = question


class WebhookTimeoutError(OutputError, TimeoutError):
    """No feedback came in time."""

    def __init__(self, url: str, *, waited: timedelta) -> None:
        super().__init__(f"No feedback came within {waited.total_seconds():g} s of asking {url}.")
        self.waited = waited


class InvalidPageTokenError(OutputError):
    """The page token is none that the server handed out, or not for this run."""

    status = 400


class UnauthorizedError(OutputError):
    """No credentials, or wrong ones."""

    status = 401

    def __init__(self, message: str = "Send the API's token, as `Authorization: Bearer <token>`.") -> None:
        super().__init__(message)


class ForbiddenError(OutputError):
    """The token is valid, and has not the scope that this takes."""

    status = 403
    details = (Detail("scope", "scope"),)

    def __init__(self, scope: str, *, caller: str) -> None:
        super().__init__(
            f"The token {caller!r} has not the scope `{scope}`, which this takes; "
            f"`output token create NAME --scope {scope}` makes one that has."
        )
        self.scope = scope


class HostNotAllowedError(OutputError):
    """The `Host` that was asked for is none that this server serves."""

    status = 403
    details = (Detail("host", "host"),)

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The host {host[:100]!r} is not served here; name it in OUTPUT_API_ALLOWED_HOSTS, where it is yours."
        )
        self.host = host[:100]


class OriginNotAllowedError(OutputError):
    """A browser asks on behalf of a page of another site."""

    status = 403
    details = (Detail("origin", "origin"),)

    def __init__(self, origin: str | None) -> None:
        page = f"A page of {origin[:100]!r}" if origin else "A page of another site"
        super().__init__(
            f"{page} may not ask this server; name its origin in OUTPUT_API_CORS_ORIGINS, where it is yours."
        )
        self.origin = origin[:100] if origin else None


class NotFoundError(OutputError):
    """There is no such route, or no such event or node of a run that is there."""

    status = 404


class WorkflowNotFoundError(OutputError):
    """No such execution or run, no such workflow in the catalog, or no such catalog."""

    status = 404

    @classmethod
    def no_run(cls, run: RunRef) -> WorkflowNotFoundError:
        return cls(f"There is no workflow {run}; it may have passed the engine's retention period.", run=run)

    @classmethod
    def no_name(cls, name: str, *, catalog: str, near: Sequence[str]) -> WorkflowNotFoundError:
        if near:
            hint = f"Did you mean {' or '.join(repr(other) for other in near)}?"
        else:
            hint = "`GET /workflow/catalog` lists those there are."
        return cls(f"The catalog {catalog!r} has no workflow {name!r}. {hint}")

    @classmethod
    def no_catalog(cls, catalog: str) -> WorkflowNotFoundError:
        return cls(f"There is no catalog {catalog!r}; start a worker with `OUTPUT_CATALOG_ID={catalog}`.")


class HandlerNotFoundError(OutputError):
    """The workflow has no signal, query or update of that name."""

    status = 404
    details = (
        Detail("kind", "kind"),
        Detail("handler", "handler"),
        Detail("known", "known", ()),
    )

    def __init__(self, kind: str, name: str, *, known: Sequence[str], run: RunRef | None = None) -> None:
        has = f"it has {', '.join(repr(other) for other in sorted(known))}" if known else "it has none"
        super().__init__(f"The workflow has no {kind} {name!r}; {has}.", run=run)
        self.kind, self.handler, self.known = kind, name, tuple(known)


class StepNotFoundError(OutputError):
    """No step of that name is in the run's history."""

    status = 404
    details = (
        Detail("step_name", "step"),
        Detail("known", "known", ()),
    )

    def __init__(self, step_name: str, *, known: Sequence[str], run: RunRef) -> None:
        has = f"it ran {', '.join(repr(other) for other in sorted(known))}" if known else "it has run none"
        super().__init__(f"The run has no step {step_name!r}; {has}.", run=run)
        self.step_name, self.known = step_name, tuple(known)


class StepNotCompletedError(OutputError):
    """The step was found in the run's history, but not its completion."""

    status = 409
    details = (Detail("step_name", "step"),)

    def __init__(self, step_name: str, *, run: RunRef) -> None:
        super().__init__(f"Step {step_name!r} has not completed; reset to a completed one.", run=run)
        self.step_name = step_name


class TraceNotAvailableError(OutputError):
    """The run has no trace: tracing was off, or its file is gone."""

    status = 404


class ApprovalNotFoundError(OutputError):
    """No question has this link."""

    status = 404

    def __init__(self) -> None:
        super().__init__("This link is not known; it may have been cut on its way.")


class ApprovalClosedError(OutputError):
    """The question of this link is answered, expired or withdrawn."""

    status = 410
    details = (Detail("state", "state"),)

    def __init__(self, state: str, *, run: RunRef) -> None:
        super().__init__(f"This question is {state}; nobody waits for its answer any more.", run=run)
        self.state = state


class ScheduleNotFoundError(OutputError):
    """There is no schedule of that ID."""

    status = 404
    details = (Detail("schedule_id", "scheduleId"),)

    def __init__(self, schedule_id: str) -> None:
        super().__init__(f"There is no schedule {schedule_id!r}; `GET /schedules` lists those there are.")
        self.schedule_id = schedule_id


class ScheduleAlreadyExistsError(OutputError):
    """A schedule of that ID exists."""

    status = 409
    details = (Detail("schedule_id", "scheduleId"),)

    def __init__(self, schedule_id: str) -> None:
        super().__init__(
            f"There is a schedule {schedule_id!r} already; change it with `PUT /schedules/:id`, or choose another ID."
        )
        self.schedule_id = schedule_id


class ScheduleDeclaredError(OutputError):
    """The schedule is declared in code, and changes with it alone."""

    status = 409
    details = (
        Detail("schedule_id", "scheduleId"),
        Detail("workflow", "workflow"),
        Detail("catalog", "catalog"),
    )

    def __init__(self, schedule_id: str, *, workflow: str, catalog: str) -> None:
        super().__init__(
            f"The schedule {schedule_id!r} is declared in the code of workflow {workflow!r} (catalog {catalog!r}): "
            "change it there. It can be paused, resumed, triggered and backfilled; `DELETE …?force=true` removes it "
            "until a worker that declares it starts again."
        )
        self.schedule_id, self.workflow, self.catalog = schedule_id, workflow, catalog


class MethodNotAllowedError(OutputError):
    """The route exists, with other methods."""

    status = 405
    details = (Detail("allow", "allow", ()),)

    def __init__(self, message: str, *, allow: Sequence[str]) -> None:
        super().__init__(message)
        self.allow = tuple(allow)


class WorkflowExecutionTimedOutError(OutputError):
    """`run` waited its time; the workflow goes on."""

    status = 408
    details = (Detail("waited", "waitedMs"),)

    def __init__(self, waited: timedelta, *, run: RunRef) -> None:
        seconds = f"{waited.total_seconds():g}"
        super().__init__(
            f"The workflow had not ended after {seconds} s and goes on; ask for its status or result later.", run=run
        )
        self.waited = waited


class WorkflowAlreadyStartedError(OutputError):
    """A run with this workflow ID is open, or has ended and its ID may not be used again."""

    status = 409

    def __init__(self, run: RunRef, *, may_have_ended: bool = False) -> None:
        why = "is running, or has ended and `reusePolicy` refuses another run" if may_have_ended else "is running"
        super().__init__(
            f"Workflow {run.workflow_id!r} {why}; use another ID, or a `conflictPolicy` of "
            "`use_existing` or `terminate_existing`.",
            run=run,
        )


class IdempotencyKeyReusedError(OutputError):
    """The `Idempotency-Key` belongs to a request with another body."""

    status = 422

    def __init__(self, run: RunRef) -> None:
        super().__init__(
            "This `Idempotency-Key` came with another body before; a key belongs to one request. `workflowId` names "
            "the run that it started.",
            run=run,
        )


class WorkflowAlreadyClosedError(OutputError):
    """The run has ended, so it takes no signal, update or terminate."""

    status = 409

    def __init__(self, run: RunRef) -> None:
        super().__init__(f"Workflow {run} has ended; ask for its status or result.", run=run)


class NothingAwaitedError(OutputError):
    """The run cannot have a wait that feedback would answer."""

    status = 409
    details = (Detail("workflow", "workflow"),)

    def __init__(self, workflow: str, run: RunRef) -> None:
        super().__init__(f"Workflow {workflow!r} awaits no feedback: neither it nor its steps do.", run=run)
        self.workflow = workflow


class NothingToResetError(OutputError):
    """A reset to the start of a run that has not begun, or to the failure of one that has not failed."""

    status = 409

    def __init__(self, message: str, *, run: RunRef) -> None:
        super().__init__(message, run=run)


class PayloadTooLargeError(OutputError):
    """A body or a value over the limit; sizes are in bytes."""

    status = 413
    details = (
        Detail("limit", "limit"),
        Detail("size", "size"),
    )

    def __init__(self, message: str, *, limit: int, size: int | None = None) -> None:
        super().__init__(message)
        self.limit, self.size = limit, size


class UnsupportedMediaTypeError(OutputError):
    """A body that is not JSON."""

    status = 415


class HandlerFailedError(OutputError):
    """The query or update handler raised, or a validator rejected."""

    status = 422

    def __init__(self, handler: str, *, cause_name: str, cause_message: str, run: RunRef) -> None:
        super().__init__(f"{cause_name}: {cause_message}" if cause_message else cause_name, run=run)
        self.handler, self.cause_name, self.cause_message = handler, cause_name, cause_message

    def body(self) -> dict[str, object]:
        cause = {"name": self.cause_name, "message": self.cause_message}
        return {**super().body(), "handler": self.handler, "cause": cause}

    def restore(self, body: Mapping[str, object]) -> None:
        cause = cast("Mapping[str, object]", body.get("cause") or {})
        self.handler = str(body.get("handler", ""))
        self.cause_name, self.cause_message = str(cause.get("name", "")), str(cause.get("message", ""))


class WorkflowNotCompletedError(OutputError):
    """Result or trace asked for while the run is open."""

    status = 424

    def __init__(self, run: RunRef) -> None:
        super().__init__(f"Workflow {run} is still running; wait with `?wait=SECONDS` or ask again later.", run=run)
        self.problem: Mapping[str, object] | None = None

    def body(self) -> dict[str, object]:
        return super().body() if self.problem is None else {**super().body(), "problem": self.problem}

    def restore(self, body: Mapping[str, object]) -> None:
        super().restore(body)
        self.problem = cast("Mapping[str, object] | None", body.get("problem"))


class WorkflowTaskFailingError(OutputError):
    """A query or update to a run whose task fails again and again: nobody could answer it."""

    status = 409

    def __init__(self, problem: Mapping[str, object], run: RunRef | None = None) -> None:
        super().__init__(str(problem.get("message", "The workflow's task fails again and again.")), run=run)
        self.problem = problem

    def body(self) -> dict[str, object]:
        return {**super().body(), "problem": self.problem}

    def restore(self, body: Mapping[str, object]) -> None:
        super().restore(body)
        self.problem = cast("Mapping[str, object]", body.get("problem") or {})


class EngineBusyError(OutputError):
    """The engine sheds load."""

    status = 429

    def __init__(self, message: str = "The engine is shedding load; try again in a moment.") -> None:
        super().__init__(message, retry_after=timedelta(seconds=1))


class TooManyAttemptsError(OutputError):
    """So many wrong tokens came from this address that this one was not looked at."""

    status = 429

    def __init__(self, *, retry_after: timedelta | None = None) -> None:
        message = "Too many wrong tokens came from this address; correct the token, and try again in a few seconds."
        super().__init__(message, retry_after=retry_after)


class CatalogNotAvailableError(OutputError):
    """No catalog was published yet."""

    status = 503
    details = (Detail("catalog", "catalog"),)

    def __init__(self, catalog: str) -> None:
        super().__init__(
            f"No worker has published the catalog {catalog!r} yet; start one with `output worker`.",
            retry_after=timedelta(seconds=2),
        )
        self.catalog = catalog


class WorkerNotAvailableError(OutputError):
    """A query or an update, and no worker polls."""

    status = 503
    details = (Detail("task_queue", "taskQueue"),)

    def __init__(self, task_queue: str, *, run: RunRef) -> None:
        super().__init__(
            f"No worker polls the task queue {task_queue!r}; start one with `output worker`.",
            run=run,
            retry_after=timedelta(seconds=2),
        )
        self.task_queue = task_queue


class EngineNotAvailableError(OutputError):
    """The engine does not answer; the server stays up and recovers by itself."""

    status = 503

    def __init__(self, message: str = "The engine does not answer; try again in a moment.") -> None:
        super().__init__(message, retry_after=timedelta(seconds=2))


class PayloadStoreNotAvailableError(OutputError):
    """The store for large values does not answer; what was asked for has not happened, ask again."""

    status = 503

    def __init__(self, message: str) -> None:
        super().__init__(message, retry_after=timedelta(seconds=5))


class ServerStoppingError(OutputError):
    """The server is shutting down; another or a later one answers."""

    status = 503

    def __init__(self, *, run: RunRef | None = None) -> None:
        super().__init__(
            "The server is stopping; the workflow goes on, ask again.", run=run, retry_after=timedelta(seconds=1)
        )


class TooManyStreamsError(OutputError):
    """As many runs are streamed as one server follows; a run that has viewers already takes more."""

    status = 503
    details = (Detail("limit", "limit"),)

    def __init__(self, limit: int, *, run: RunRef | None = None) -> None:
        super().__init__(
            f"This server streams {limit} running workflows already; try again, or page through the history. "
            "`OUTPUT_API_MAX_STREAMED_RUNS` sets the limit.",
            run=run,
            retry_after=timedelta(seconds=5),
        )
        self.limit = limit


class TooManyWaitsError(OutputError):
    """As many requests wait for runs as one server lets wait; the run that is named goes on."""

    status = 503
    details = (Detail("limit", "limit"),)

    def __init__(self, limit: int, *, run: RunRef | None = None) -> None:
        super().__init__(
            f"On this server {limit} requests wait for runs already; ask again for the result. "
            "`OUTPUT_API_MAX_WAITS` sets the limit.",
            run=run,
            retry_after=timedelta(seconds=5),
        )
        self.limit = limit


class TooManyStartsError(OutputError):
    """As many starts are under way as one server takes at a time; nothing was started."""

    status = 503
    details = (Detail("limit", "limit"),)

    def __init__(self, limit: int, *, run: RunRef | None = None) -> None:
        super().__init__(
            f"This server has {limit} starts under way already, and nothing was started; try again.",
            run=run,
            retry_after=timedelta(seconds=1),
        )
        self.limit = limit


class TooManyConnectionsError(OutputError):
    """As many connections are open as one server takes."""

    status = 503
    details = (Detail("limit", "limit"),)

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This server has {limit} connections open already; try again. "
            "`OUTPUT_API_MAX_CONNECTIONS` sets the limit.",
            retry_after=timedelta(seconds=5),
        )
        self.limit = limit


class RequestHeadTooLargeError(OutputError):
    """The request's line and headers are too large."""

    status = 431
    details = (Detail("limit", "limit"),)

    def __init__(self, limit: int) -> None:
        super().__init__(f"The request's line and headers are over {limit} bytes.")
        self.limit = limit


class InternalServerError(OutputError):
    """A fault of ours; its details are in the log under the request ID."""

    def __init__(self) -> None:
        super().__init__("The server met a fault of its own; its log has the details under this request ID.")


class ServerNotReachableError(OutputError):
    """The client got no answer: nothing listens, or the connection was lost."""

    status = 503

    def __init__(self, url: str, *, reason: str, run: RunRef | None = None) -> None:
        super().__init__(
            f"No answer from {url} ({reason}); start a server with `output dev`, "
            "or set OUTPUT_API_URL to where one runs.",
            run=run,
        )
        self.url, self.reason = url, reason


class UnexpectedResponseError(OutputError):
    """The client got an answer that no Output API gives: something else listens there, or stands between."""

    status = 502

    def __init__(self, url: str, *, response_status: int, run: RunRef | None = None) -> None:
        super().__init__(
            f"{url} answered {response_status}, but not as an Output API does; check OUTPUT_API_URL.", run=run
        )
        self.url, self.response_status = url, response_status


_OF_THE_CLIENT = frozenset({ServerNotReachableError, UnexpectedResponseError})


def wire_errors() -> dict[str, type[OutputError]]:
    """The classes of errors that servers send, by name: those with a status of their own, and the fault of ours."""
    found: dict[str, type[OutputError]] = {}
    waiting: list[type[OutputError]] = [OutputError]
    while waiting:
        for error in waiting.pop().__subclasses__():
            if error.__module__ == __name__:
                waiting.append(error)
                if ("status" in vars(error) or error is InternalServerError) and error not in _OF_THE_CLIENT:
                    found[error.__name__] = error
    return found


def text_of(error: BaseException) -> str:
    """The exception's text, or that it has none: its `__str__` is an author's."""
    try:
        return str(error)
    except BaseException as broken:  # noqa: BLE001
        return f"<<no message: {type(broken).__name__}>>"


def type_names(kind: type[BaseException]) -> tuple[str, ...]:
    """The full names of an exception's class and of its bases, down to but without `Exception`."""
    names = [f"{base.__module__}.{base.__qualname__}" for base in kind.__mro__]
    plain = {"builtins.Exception", "builtins.BaseException", "builtins.object", "typing.Generic"}
    return tuple(name for name in names if name not in plain)
