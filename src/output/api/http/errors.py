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
from starlette.routing import BaseRoute, Match, Route

from output.api.http.path_encoding import is_stream, restore_slashes
from output.api.http.responses import json_response
from output.errors import (
    EngineNotAvailableError,
    InternalServerError,
    MethodNotAllowedError,
    NotFoundError,
    OutputError,
    UnauthorizedError,
    ValidationError,
)
from output.json_schema.misfits import json_pointer
from output.models.errors import ErrorBody
from output.models.references import Issue, describe_issues

log = structlog.get_logger("output.api")


# Where the validator would talk of its own means.
_BODY_MESSAGES = {
    "missing": "a JSON object is required",
    "model_attributes_type": "give a JSON object",
    "model_type": "give a JSON object",
    "dict_type": "give a JSON object",
}


class RequestBodyError(HTTPException):
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


def install_error_handlers(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Answer the faults of routes in the contract's shape; a bug is an outer layer's. `routes` are all there are."""

    async def render_http_exception(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return error_response(_translate(error, request, routes))

    app.add_exception_handler(OutputError, _render_output_error)
    app.add_exception_handler(RequestValidationError, _render_validation_error)
    app.add_exception_handler(HTTPException, render_http_exception)


def issues_of(details: Sequence[Mapping[str, object]]) -> list[Issue]:
    """Pydantic's findings about a request as ours; paths start below body, query or path."""
    issues: list[Issue] = []
    for detail in details:
        location = [str(part) for part in cast("Sequence[object]", detail["loc"])]
        inside = location[1:2] if location[0] == "query" else location[1:]  # of a list: its parameter
        path = ".".join(inside or location)
        message = str(detail["msg"]).removeprefix("Value error, ")
        if path == "body":
            message = _BODY_MESSAGES.get(str(detail["type"]), message)
        pointer = json_pointer(location[1:]) if location[0] == "body" else None
        issues.append(Issue(path, message, str(detail["type"]), pointer))
    return issues


async def _render_output_error(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, OutputError)
    if error.status == InternalServerError.status:
        log.error("internal error", exc_info=error)
        return error_response(InternalServerError())
    if isinstance(error, EngineNotAvailableError):
        log.warning("engine not available", reason=str(error.__cause__ or error.message))
    return error_response(error)


async def _render_validation_error(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RequestValidationError)
    issues = issues_of(error.errors())
    return error_response(ValidationError(describe_issues("The request", issues), issues=issues))


def _translate(error: HTTPException, request: Request, routes: Sequence[BaseRoute]) -> OutputError:
    """The fault behind an exception of the framework's."""
    if isinstance(error, RequestBodyError):
        return error.error
    path = restore_slashes(request.scope["path"])
    if error.status_code == MethodNotAllowedError.status:
        allow = _methods_at(request, routes)
        return MethodNotAllowedError(f"{path} takes {', '.join(allow)}, not {request.method}.", allow=allow)
    if error.status_code == NotFoundError.status:
        return NotFoundError(f"There is no route {request.method} {path}; see /docs.")
    return ValidationError(str(error.detail)) if error.status_code < 500 else InternalServerError()


def _methods_at(request: Request, routes: Sequence[BaseRoute]) -> list[str]:
    """What all routes of a path take together; the framework names only those of the first that it finds."""
    methods: set[str] = set()
    for route in routes:
        if isinstance(route, Route) and route.methods and route.matches(request.scope)[0] is not Match.NONE:
            methods |= route.methods
    return sorted(methods | ({"HEAD"} if "GET" in methods and not is_stream(request.scope) else set()))
