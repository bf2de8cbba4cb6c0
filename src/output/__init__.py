"""Durable workflows for Python teams: everything that an author imports."""

from typing import TYPE_CHECKING

from output.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from output.authoring import http as http
    from output.authoring import trace as trace
    from output.authoring.approval import Approval as Approval
    from output.authoring.approval import ApprovalAnswer as ApprovalAnswer
    from output.authoring.approval import ApprovalNotice as ApprovalNotice
    from output.authoring.approval import request_approval as request_approval
    from output.authoring.children import start_child as start_child
    from output.authoring.context import continue_as_new as continue_as_new
    from output.authoring.context import continue_as_new_suggested as continue_as_new_suggested
    from output.authoring.context import current_run as current_run
    from output.authoring.context import logger as logger
    from output.authoring.context import now as now
    from output.authoring.context import random as random
    from output.authoring.context import sleep as sleep
    from output.authoring.context import uuid4 as uuid4
    from output.authoring.context import wait_for as wait_for
    from output.authoring.error_matching import has_error_type as has_error_type
    from output.authoring.evaluator import BooleanEvaluation as BooleanEvaluation
    from output.authoring.evaluator import EvaluationFeedback as EvaluationFeedback
    from output.authoring.evaluator import EvaluationResult as EvaluationResult
    from output.authoring.evaluator import NumberEvaluation as NumberEvaluation
    from output.authoring.evaluator import StringEvaluation as StringEvaluation
    from output.authoring.evaluator import Verdict as Verdict
    from output.authoring.evaluator import VerdictEvaluation as VerdictEvaluation
    from output.authoring.evaluator import evaluator as evaluator
    from output.authoring.handlers import query as query
    from output.authoring.handlers import signal as signal
    from output.authoring.handlers import update as update
    from output.authoring.hooks import Emitted as Emitted
    from output.authoring.hooks import StepEnded as StepEnded
    from output.authoring.hooks import StepFailed as StepFailed
    from output.authoring.hooks import StepStarted as StepStarted
    from output.authoring.hooks import WorkerStarting as WorkerStarting
    from output.authoring.hooks import WorkflowEnded as WorkflowEnded
    from output.authoring.hooks import WorkflowFailed as WorkflowFailed
    from output.authoring.hooks import WorkflowStarted as WorkflowStarted
    from output.authoring.hooks import before_worker_start as before_worker_start
    from output.authoring.hooks import on as on
    from output.authoring.hooks import on_error as on_error
    from output.authoring.hooks import on_step_end as on_step_end
    from output.authoring.hooks import on_step_error as on_step_error
    from output.authoring.hooks import on_step_start as on_step_start
    from output.authoring.hooks import on_workflow_end as on_workflow_end
    from output.authoring.hooks import on_workflow_error as on_workflow_error
    from output.authoring.hooks import on_workflow_start as on_workflow_start
    from output.authoring.http_request import HttpReply as HttpReply
    from output.authoring.http_request import send_http_request as send_http_request
    from output.authoring.limits import Rate as Rate
    from output.authoring.options import ActivityOptions as ActivityOptions
    from output.authoring.options import Retry as Retry
    from output.authoring.parallel import Done as Done
    from output.authoring.parallel import Failed as Failed
    from output.authoring.parallel import execute_in_parallel as execute_in_parallel
    from output.authoring.runtime.protocol import ChildRun as ChildRun
    from output.authoring.runtime.protocol import WorkflowRun as WorkflowRun
    from output.authoring.schedule import Schedule as Schedule
    from output.authoring.step import step as step
    from output.authoring.step_context import StepRun as StepRun
    from output.authoring.step_context import current_step as current_step
    from output.authoring.step_context import emit as emit
    from output.authoring.webhook import await_webhook as await_webhook
    from output.authoring.workflow import workflow as workflow
    from output.errors import ApprovalTimeoutError as ApprovalTimeoutError
    from output.errors import ApprovalWithdrawnError as ApprovalWithdrawnError
    from output.errors import ChildError as ChildError
    from output.errors import FatalError as FatalError
    from output.errors import HttpBusyError as HttpBusyError
    from output.errors import HttpStatusError as HttpStatusError
    from output.errors import RaisedError as RaisedError
    from output.errors import StepError as StepError
    from output.errors import TransparentFatalError as TransparentFatalError
    from output.errors import ValidationError as ValidationError
    from output.errors import WebhookTimeoutError as WebhookTimeoutError
    from output.errors import WorkflowAlreadyStartedError as WorkflowAlreadyStartedError
    from output.models.schedules import CalendarTimes as CalendarTimes

# Imported on first use: the command line lives below this package too and must not wait for pydantic.
_HOMES = {
    "ActivityOptions": "output.authoring.options",
    "Approval": "output.authoring.approval",
    "ApprovalAnswer": "output.authoring.approval",
    "ApprovalNotice": "output.authoring.approval",
    "ApprovalTimeoutError": "output.errors",
    "ApprovalWithdrawnError": "output.errors",
    "BooleanEvaluation": "output.authoring.evaluator",
    "CalendarTimes": "output.models.schedules",
    "ChildError": "output.errors",
    "ChildRun": "output.authoring.runtime.protocol",
    "Done": "output.authoring.parallel",
    "Emitted": "output.authoring.hooks",
    "EvaluationFeedback": "output.authoring.evaluator",
    "EvaluationResult": "output.authoring.evaluator",
    "Failed": "output.authoring.parallel",
    "FatalError": "output.errors",
    "HttpBusyError": "output.errors",
    "HttpReply": "output.authoring.http_request",
    "HttpStatusError": "output.errors",
    "NumberEvaluation": "output.authoring.evaluator",
    "RaisedError": "output.errors",
    "Rate": "output.authoring.limits",
    "Retry": "output.authoring.options",
    "Schedule": "output.authoring.schedule",
    "StepEnded": "output.authoring.hooks",
    "StepError": "output.errors",
    "StepFailed": "output.authoring.hooks",
    "StepRun": "output.authoring.step_context",
    "StepStarted": "output.authoring.hooks",
    "StringEvaluation": "output.authoring.evaluator",
    "TransparentFatalError": "output.errors",
    "ValidationError": "output.errors",
    "Verdict": "output.authoring.evaluator",
    "VerdictEvaluation": "output.authoring.evaluator",
    "WebhookTimeoutError": "output.errors",
    "WorkerStarting": "output.authoring.hooks",
    "WorkflowAlreadyStartedError": "output.errors",
    "WorkflowEnded": "output.authoring.hooks",
    "WorkflowFailed": "output.authoring.hooks",
    "WorkflowRun": "output.authoring.runtime.protocol",
    "WorkflowStarted": "output.authoring.hooks",
    "await_webhook": "output.authoring.webhook",
    "before_worker_start": "output.authoring.hooks",
    "continue_as_new": "output.authoring.context",
    "continue_as_new_suggested": "output.authoring.context",
    "current_run": "output.authoring.context",
    "current_step": "output.authoring.step_context",
    "emit": "output.authoring.step_context",
    "evaluator": "output.authoring.evaluator",
    "execute_in_parallel": "output.authoring.parallel",
    "has_error_type": "output.authoring.error_matching",
    "http": "output.authoring.http",
    "logger": "output.authoring.context",
    "now": "output.authoring.context",
    "on": "output.authoring.hooks",
    "on_error": "output.authoring.hooks",
    "on_step_end": "output.authoring.hooks",
    "on_step_error": "output.authoring.hooks",
    "on_step_start": "output.authoring.hooks",
    "on_workflow_end": "output.authoring.hooks",
    "on_workflow_error": "output.authoring.hooks",
    "on_workflow_start": "output.authoring.hooks",
    "query": "output.authoring.handlers",
    "random": "output.authoring.context",
    "request_approval": "output.authoring.approval",
    "send_http_request": "output.authoring.http_request",
    "signal": "output.authoring.handlers",
    "sleep": "output.authoring.context",
    "start_child": "output.authoring.children",
    "step": "output.authoring.step",
    "trace": "output.authoring.trace",
    "update": "output.authoring.handlers",
    "uuid4": "output.authoring.context",
    "wait_for": "output.authoring.context",
    "workflow": "output.authoring.workflow",
}
__all__ = [
    "ActivityOptions",
    "Approval",
    "ApprovalAnswer",
    "ApprovalNotice",
    "ApprovalTimeoutError",
    "ApprovalWithdrawnError",
    "BooleanEvaluation",
    "CalendarTimes",
    "ChildError",
    "ChildRun",
    "Done",
    "Emitted",
    "EvaluationFeedback",
    "EvaluationResult",
    "Failed",
    "FatalError",
    "HttpBusyError",
    "HttpReply",
    "HttpStatusError",
    "NumberEvaluation",
    "RaisedError",
    "Rate",
    "Retry",
    "Schedule",
    "StepEnded",
    "StepError",
    "StepFailed",
    "StepRun",
    "StepStarted",
    "StringEvaluation",
    "TransparentFatalError",
    "ValidationError",
    "Verdict",
    "VerdictEvaluation",
    "WebhookTimeoutError",
    "WorkerStarting",
    "WorkflowAlreadyStartedError",
    "WorkflowEnded",
    "WorkflowFailed",
    "WorkflowRun",
    "WorkflowStarted",
    "await_webhook",
    "before_worker_start",
    "continue_as_new",
    "continue_as_new_suggested",
    "current_run",
    "current_step",
    "emit",
    "evaluator",
    "execute_in_parallel",
    "has_error_type",
    "http",
    "logger",
    "now",
    "on",
    "on_error",
    "on_step_end",
    "on_step_error",
    "on_step_start",
    "on_workflow_end",
    "on_workflow_error",
    "on_workflow_start",
    "query",
    "random",
    "request_approval",
    "send_http_request",
    "signal",
    "sleep",
    "start_child",
    "step",
    "trace",
    "update",
    "uuid4",
    "wait_for",
    "workflow",
]

__getattr__, __dir__ = lazy_exports(__name__, _HOMES)
