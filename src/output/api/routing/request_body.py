"""Request bodies: JSON, bounded, with all their digits."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any, cast

import pydantic_core
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from output.api.http.errors import RequestBodyError
from output.api.routing.strict_query import StrictRoute
from output.api.state import app_state
from output.errors import PayloadTooLargeError, UnsupportedMediaTypeError, ValidationError
from output.models.references import Issue

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # some editors write one before UTF-8
_MAY_OVERFLOW = re.compile(rb"[eE]\+?\d{2}|\d{300}")


class JsonRoute(StrictRoute):
    """A route whose body is read by the rules of the contract."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            return await handle(_JsonRequest(request.scope, request.receive))

        return handle_json


class _JsonRequest(Request):
    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = await self._read_bounded()
            if self._body:
                _check_media_type(self.headers)
        return self._body

    async def json(self) -> Any:
        return parse(await self.body())

    async def _read_bounded(self) -> bytes:
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"", "identity"}:
            raise RequestBodyError(
                UnsupportedMediaTypeError(
                    f"A body with `Content-Encoding: {encoding[:40]}` is not taken; send it plain."
                )
            )
        limit = app_state(self).settings.body_limit
        declared = self.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise RequestBodyError(_too_large(limit, int(declared)))
        chunks: list[bytes] = []
        size = 0
        async for chunk in self.stream():
            size += len(chunk)
            if size > limit:
                raise RequestBodyError(_too_large(limit, None))
            chunks.append(chunk)
        return b"".join(chunks)


def parse(body: bytes) -> object:
    """The value of a JSON body; integers keep all their digits. Raises BodyFault around a ValidationError."""
    try:
        value: object = pydantic_core.from_json(body.removeprefix(_BYTE_ORDER_MARK), allow_inf_nan=False)
        if _MAY_OVERFLOW.search(body):
            _refuse_infinity(value)
    except ValueError as error:
        issue = Issue("body", str(error), "json_invalid", "")
        raise RequestBodyError(ValidationError(f"The body is not JSON: {error}.", issues=[issue])) from error
    return value


def _refuse_infinity(value: object) -> None:
    """The parser reads a float of more than 308 digits as infinity, which no answer could give back."""
    if isinstance(value, float) and math.isinf(value):
        raise ValueError("a number is too large for a float")
    if isinstance(value, dict):
        value = list(cast("dict[str, object]", value).values())
    if isinstance(value, list):
        for item in cast("list[object]", value):
            _refuse_infinity(item)


def _check_media_type(headers: Headers) -> None:
    content_type = headers.get("content-type")
    if content_type is None:
        return
    message = Message()
    message["content-type"] = content_type
    media_type = message.get_content_type()
    is_json = media_type.startswith("application/") and (
        media_type == "application/json" or media_type.endswith("+json")
    )
    if not is_json:
        raise RequestBodyError(UnsupportedMediaTypeError("Send the body as `Content-Type: application/json`."))
    charset = message.get_content_charset("utf-8")
    if charset not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        raise RequestBodyError(
            UnsupportedMediaTypeError(f"A body in the charset {charset[:40]!r} is not taken; JSON is sent as UTF-8.")
        )


def _too_large(limit: int, size: int | None) -> PayloadTooLargeError:
    has = "is over the limit" if size is None else f"has {size} bytes"
    message = f"The body {has}; at most {limit} bytes are taken (`OUTPUT_API_MAX_BODY_BYTES`)."
    return PayloadTooLargeError(message, limit=limit, size=size)
