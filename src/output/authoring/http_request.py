"""HTTP requests from workflow code: each a durable step of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Literal, cast

import httpx
import pydantic_core
from pydantic import BaseModel, Field, JsonValue

from output.authoring.options import ActivityOptions
from output.authoring.runtime.awaiting import must_be_awaited
from output.authoring.schema.value_type import Unannotated, ValueType
from output.authoring.step import Step
from output.config.light import read_variable
from output.errors import FatalError, HttpBusyError, HttpStatusError, ValidationError
from output.models.references import Issue
from output.security.redaction import redact, redact_text, redact_url

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
DEFAULT_TIMEOUT = timedelta(seconds=30)
_MARGIN = timedelta(seconds=10)  # for the attempt around the request
_BUSY = frozenset({408, 425, 429})
_PLACEHOLDER = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_EXCERPT = 500
_PAYLOAD: ValueType[object] = ValueType(Unannotated, label="The payload", path="payload")


class HttpRequest(BaseModel):
    """A request as history and traces hold it: header values with `$NAME` in place of secrets; `timeout` in seconds."""

    url: str
    method: Method = "GET"
    payload: JsonValue = None
    headers: dict[str, str] = Field(default_factory=dict[str, str])
    include_headers: bool = True
    include_body: bool = True
    timeout: Annotated[float, Field(gt=0)] = DEFAULT_TIMEOUT.total_seconds()


class HttpReply(BaseModel):
    """An answer; `body` is parsed where it is JSON and a text elsewhere. Secrets in headers are masked."""

    status: int
    url: str
    headers: dict[str, str] | None = None
    body: JsonValue = None


@must_be_awaited
async def send_http_request(
    url: str,
    *,
    method: Method = "GET",
    payload: object = None,
    headers: Mapping[str, str] | None = None,
    include_headers: bool = True,
    include_body: bool = True,
    timeout: timedelta = DEFAULT_TIMEOUT,
) -> HttpReply:
    """Send a request as a step of its own, tried again on connection errors, 408, 425, 429 and 5xx.

    `payload` (a model, any JSON) is sent as JSON, a text as it is. `$NAME` in header values is filled in from the
    environment of the worker, when it is sent. Redirects are answers, not followed. `timeout` bounds one attempt.
    Raises StepError, caused by HttpStatusError (any other status from 400 on), by HttpBusyError or an error of the
    connection (retries are used up), or by FatalError (a variable is missing); ValidationError for the arguments.

    Example:
        @workflow
        async def notify(url: str) -> int:
            reply = await send_http_request(url, method="POST", payload={"done": True})
            return reply.status
    """
    _require_http(url)
    request = HttpRequest(
        url=url,
        method=method,
        payload=as_json(payload),
        headers=dict(headers or {}),
        include_headers=include_headers,
        include_body=include_body,
        timeout=timeout.total_seconds(),
    )
    return await http_step.with_options(timeout=timeout + _MARGIN)(request)


async def send(request: HttpRequest) -> HttpReply:
    """Send one request, once; raises HttpBusyError for what is worth another try, FatalError for what is not."""
    _require_http(request.url)
    headers = {name: _fill(name, value) for name, value in request.headers.items()}
    shown = redact_url(request.url)
    async with httpx.AsyncClient(timeout=request.timeout, follow_redirects=False) as client:
        try:
            text = request.payload if isinstance(request.payload, str) else None
            value = None if text is not None else request.payload
            sent = client.build_request(request.method, request.url, headers=headers, content=text, json=value)
            response = await client.send(sent)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeEncodeError) as error:
            raise FatalError(f"{request.method} {shown} cannot be sent: {error}") from None
        except httpx.TransportError as error:
            told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise ConnectionError(f"{request.method} {shown} got no answer: {told}") from error
    if response.status_code in _BUSY or response.status_code >= 500:
        after = _retry_after(response.headers.get("retry-after"))
        raise HttpBusyError(request.method, shown, http_status=response.status_code, retry_after=after)
    if response.status_code >= 400:
        excerpt = redact_text(response.text[:_EXCERPT], queries="all")
        raise HttpStatusError(request.method, shown, http_status=response.status_code, body=excerpt or None)
    return HttpReply(
        status=response.status_code,
        url=str(response.url),
        headers=cast("dict[str, str]", redact(dict(response.headers))) if request.include_headers else None,
        body=_body(response) if request.include_body else None,
    )


http_step = Step(
    send,
    name="send_http_request",
    description="Sends an HTTP request.",
    options=ActivityOptions(),
    kind="http",
)


def as_json(value: object) -> JsonValue:
    """A value as it travels; raises ValidationError when it has no JSON form."""
    return cast("JsonValue", pydantic_core.from_json(_PAYLOAD.dump(value)))


def _require_http(url: str) -> None:
    if not url.lower().startswith(("http://", "https://")):
        message = f"only http:// and https:// URLs can be asked, not {redact_url(url)!r}"
        raise ValidationError(f"The URL does not fit: {message}.", issues=[Issue("url", message, "url_scheme")])


def _fill(header: str, value: str) -> str:
    def fill(found: re.Match[str]) -> str:
        variable = read_variable(found[1])
        if variable is None:
            raise FatalError(
                f"The header {header!r} needs ${found[1]}, which the worker's environment does not have; "
                "set it and start the worker anew."
            )
        return variable

    return _PLACEHOLDER.sub(fill, value)


def _body(response: httpx.Response) -> JsonValue:
    if "json" in response.headers.get("content-type", ""):
        try:
            return cast("JsonValue", response.json())
        except ValueError:
            pass  # it only says that it is JSON
    return response.text or None


def _retry_after(value: str | None) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        left = timedelta(seconds=int(value))
    else:
        try:
            at = parsedate_to_datetime(value)
        except ValueError:
            return None
        left = at - datetime.now(UTC if at.tzinfo is not None else None)
    return left if left > timedelta() else None  # at once: the engine takes no pause of zero, so the policy's holds
