"""The API's description, as it is served: what the framework cannot know is put in here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from output.api.scopes import MESSAGE, OPEN, RUN, scope_of
from output.models.history import HistoryEvent, StreamDone, StreamError, StreamOpened
from output.models.wire_model import WireModel

Json = dict[str, Any]
_REF = "#/components/schemas/{model}"
_STREAM_EVENTS: dict[str, type[WireModel]] = {
    "workflow": StreamOpened,
    "history": HistoryEvent,
    "done": StreamDone,
    "server_error": StreamError,
}
_HEADERS: Json = {
    "X-Request-ID": {"description": "the caller's, or a new UUID", "schema": {"type": "string"}},
    "Retry-After": {"description": "seconds", "schema": {"type": "integer", "minimum": 1}},
    "WWW-Authenticate": {"description": "how to send credentials", "schema": {"type": "string"}},
    "Allow": {"description": "the methods that the path takes", "schema": {"type": "string"}},
    "Deprecation": {"description": "since when the field in use is deprecated", "schema": {"type": "string"}},
    "Idempotent-Replay": {
        "description": "`true` where an earlier request with this `Idempotency-Key` had started the run",
        "schema": {"type": "string", "const": "true"},
    },
    "Link": {"description": "where to read about the deprecation", "schema": {"type": "string"}},
}
_ON_STATUS = {"401": ("WWW-Authenticate",), "429": ("Retry-After",), "503": ("Retry-After",)}
_SECURITY: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "a token with the operation's scope"},
    "basic": {"type": "http", "scheme": "basic", "description": "any user, the token as password"},
}


def operation_id(route: APIRoute) -> str:
    """A name for generated clients: the function's, and whether it is pinned to a run."""
    return f"{route.name}_of_run" if "{runId}" in route.path else route.name


def describe(app: FastAPI, *, needs_token: bool) -> Json:
    """The OpenAPI 3.1 description of an app's routes."""
    schema: Json = get_openapi(
        title=app.title, version=app.version, openapi_version="3.1.0", description=app.description, routes=app.routes
    )
    components: Json = schema.setdefault("components", {})
    schemas: Json = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["headers"] = _HEADERS
    components["securitySchemes"] = _SECURITY
    for method, path, operation in _operations(schema):
        scope = scope_of(method, path)
        _correct_parameters(operation)
        _correct_responses(path, operation, scope=scope)
        if path.endswith("/history/stream"):
            _describe_events(operation)
        if needs_token and scope != OPEN:
            operation["security"] = [{"bearer": [scope]}, {"basic": [scope]}]
    _, events = models_json_schema(
        [(model, "serialization") for model in _STREAM_EVENTS.values()], ref_template=_REF, by_alias=True
    )
    schemas.update(events["$defs"])
    return schema


def _operations(schema: Json) -> Iterator[tuple[str, str, Json]]:
    for path, operations in cast("dict[str, Json]", schema["paths"]).items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def _correct_parameters(operation: Json) -> None:
    """A parameter is left out, never null."""
    for parameter in cast("list[Json]", operation.get("parameters", [])):
        schema: Json = parameter["schema"]
        schema.pop("title", None)
        kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
        if len(kinds) == 1:
            del schema["anyOf"]
            schema.update(kinds[0])
        elif kinds:
            schema["anyOf"] = kinds


def _correct_responses(path: str, operation: Json, *, scope: str) -> None:
    responses: Json = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422", "")):
        del responses["422"]  # a request that does not fit is a 400
    error = {"application/json": {"schema": {"$ref": _REF.format(model="ErrorBody")}}}
    if scope != OPEN:
        responses["401"] = {"description": "`UnauthorizedError`, in production", "content": error}
        needed = f"{scope}:<workflow>" if scope in {RUN, MESSAGE} else scope
        refused = f"`ForbiddenError`, in production: the token has not the scope `{needed}`"
        responses["403"] = {"description": refused, "content": error}
        responses.setdefault("429", {"description": "`TooManyAttemptsError`, in production", "content": error})
    responses["500"] = {"description": "`InternalServerError`", "content": error}
    extras = ("Deprecation", "Link", "Idempotent-Replay") if path in {"/workflow/start", "/workflow/run"} else ()
    for status, response in cast("dict[str, Json]", responses).items():
        names = ("X-Request-ID", *_ON_STATUS.get(status, ()), *extras)
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    operation["responses"] = dict(sorted(responses.items()))


def _describe_events(operation: Json) -> None:
    """OpenAPI 3.1 has no words for events: an extension names the schema of each event's data."""
    stream: Json = operation["responses"]["200"]["content"]["text/event-stream"]
    events: Json = {name: {"$ref": _REF.format(model=model.__name__)} for name, model in _STREAM_EVENTS.items()}
    events["history"] = {"type": "array", "items": events["history"]}
    stream["x-events"] = events
