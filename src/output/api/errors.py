"""Faults as JSON: one shape on every answer, and its description in OpenAPI."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from output.api.answers import json_response
from output.errors import (
    InternalServerError,
    Issue,
    MethodNotAllowedError,
    NotFoundError,
    OutputError,
    UnauthorizedError,
    ValidationError,
)
from output.models.faults import ErrorBody

log = structlog.get_logger("output.api")


class BodyFault(HTTPException):
    """Carries a fault of the body past FastAPI, which would make a bare 400 of any other exception."""

    def __init__(self, error: OutputError) -> None:
        super().__init__(error.status)
        self.error = error


def error_response(error: OutputError) -> Response:
    """The contract's answer for a fault."""
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after.total_seconds())))
    if isinstance(error, UnauthorizedError):
        headers["WWW-Authenticate"] = 'Bearer realm="output", Basic realm="output"'
    if isinstance(error, MethodNotAllowedError):
        headers["Allow"] = ", ".join(error.allow)
    return json_response(error.body(), status=error.status, headers=headers)


def may_raise(*errors: type[OutputError]) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: which faults it answers, by status."""
    by_status: dict[int, list[str]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error.__name__)
    return {
        status: {"model": ErrorBody, "description": ", ".join(f"`{name}`" for name in names)}
        for status, names in sorted(by_status.items())
    }


def install_error_handlers(app: FastAPI) -> None:
    """Answer the faults of routes in the contract's shape; a bug is the outermost layer's."""
    app.add_exception_handler(OutputError, _answer_output_error)
    app.add_exception_handler(RequestValidationError, _answer_misfit)
    app.add_exception_handler(HTTPException, _answer_http_exception)


def issues_of(details: Sequence[Mapping[str, object]]) -> list[Issue]:
    """Pydantic's findings about a request as ours; paths start below body, query or path."""
    issues: list[Issue] = []
    for detail in details:
        location = [str(part) for part in cast("Sequence[object]", detail["loc"])]
        path = ".".join(location[1:] if len(location) > 1 else location)
        message = str(detail["msg"]).removeprefix("Value error, ")
        issues.append(Issue(path, message, str(detail["type"])))
    return issues


async def _answer_output_error(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, OutputError)
    if error.status == InternalServerError.status:
        log.error("internal error", exc_info=error)
        return error_response(InternalServerError())
    return error_response(error)


async def _answer_misfit(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RequestValidationError)
    issues = issues_of(error.errors())
    told = "; ".join(f"{issue.path}: {issue.message}" for issue in issues[:3])
    more = f" (and {len(issues) - 3} more)" if len(issues) > 3 else ""
    return error_response(ValidationError(f"The request does not fit: {told}{more}", issues=issues))


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, BodyFault):
        return error_response(error.error)
    if error.status_code == MethodNotAllowedError.status:
        allow = [method.strip() for method in (error.headers or {}).get("Allow", "").split(",")]
        message = f"{request.url.path} takes {', '.join(allow)}, not {request.method}."
        return error_response(MethodNotAllowedError(message, allow=allow))
    if error.status_code == NotFoundError.status:
        return error_response(NotFoundError(f"There is no route {request.method} {request.url.path}; see /docs."))
    if error.status_code < 500:
        return error_response(ValidationError(str(error.detail)))
    return error_response(InternalServerError())
