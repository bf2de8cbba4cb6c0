"""HTTP from steps: httpx, whose requests appear in the trace by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict, Unpack, cast
from weakref import WeakKeyDictionary

import httpx

from output.security.redaction import MASK, is_secret, redact_url
from output.tracing.recorder import Span, current_position

if TYPE_CHECKING:
    from httpx._client import UseClientDefault
    from httpx._types import (
        AuthTypes,
        CookieTypes,
        HeaderTypes,
        QueryParamTypes,
        RequestContent,
        RequestData,
        RequestFiles,
        TimeoutTypes,
    )

_MAX_BODY = 32 * 1024


class RequestValues(TypedDict, total=False):
    """What httpx takes with a request."""

    content: RequestContent
    data: RequestData
    files: RequestFiles
    json: object
    params: QueryParamTypes
    headers: HeaderTypes
    cookies: CookieTypes
    auth: AuthTypes | UseClientDefault | None
    follow_redirects: bool | UseClientDefault
    timeout: TimeoutTypes | UseClientDefault


class AsyncClient(httpx.AsyncClient):
    """`httpx.AsyncClient`, each of whose requests is an `http` node of the trace."""

    async def send(self, request: httpx.Request, *, stream: bool = False, **options: object) -> httpx.Response:
        with _span(request) as span:
            response = await super().send(request, stream=stream, **options)  # type: ignore[arg-type]
            _record(span, response, has_body=not stream)
            return response


class Client(httpx.Client):
    """`httpx.Client`, each of whose requests is an `http` node of the trace."""

    def send(self, request: httpx.Request, *, stream: bool = False, **options: object) -> httpx.Response:
        with _span(request) as span:
            response = super().send(request, stream=stream, **options)  # type: ignore[arg-type]
            _record(span, response, has_body=not stream)
            return response


async def request(method: str, url: httpx.URL | str, **values: Unpack[RequestValues]) -> httpx.Response:
    """Send a request over connections that all steps of this process share; keywords as httpx takes them."""
    return await _shared_client().request(method, url, **values)


async def get(url: httpx.URL | str, **values: Unpack[RequestValues]) -> httpx.Response:
    """Send a GET request."""
    return await request("GET", url, **values)


async def head(url: httpx.URL | str, **values: Unpack[RequestValues]) -> httpx.Response:
    """Send a HEAD request."""
    return await request("HEAD", url, **values)


async def post(url: httpx.URL | str, **values: Unpack[RequestValues]) -> httpx.Response:
    """Send a POST request."""
    return await request("POST", url, **values)


async def put(url: httpx.URL | str, **values: Unpack[RequestValues]) -> httpx.Response:
    """Send a PUT request."""
    return await request("PUT", url, **values)


async def patch(url: httpx.URL | str, **values: Unpack[RequestValues]) -> httpx.Response:
    """Send a PATCH request."""
    return await request("PATCH", url, **values)


async def delete(url: httpx.URL | str, **values: Unpack[RequestValues]) -> httpx.Response:
    """Send a DELETE request."""
    return await request("DELETE", url, **values)


async def close() -> None:
    """Close the connections that this event loop's requests share; a worker does it when it stops."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()


# One for each event loop: a connection belongs to the loop that opened it.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncClient] = WeakKeyDictionary()


def _shared_client() -> AsyncClient:
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = AsyncClient(follow_redirects=True)
    return client


def _span(request: httpx.Request) -> Span:
    url = redact_url(str(request.url))
    if current_position() is None:
        return Span("http", f"{request.method} {url}")
    given: dict[str, object] = {"method": request.method, "url": url, "headers": _headers(request.headers)}
    if _is_verbose():
        given["body"] = _request_body(request)
    return Span("http", f"{request.method} {url}", input=given)


def _record(span: Span, response: httpx.Response, *, has_body: bool) -> None:
    if not span.is_recorded:
        return
    told: dict[str, object] = {"status": response.status_code, "headers": _headers(response.headers)}
    if has_body:
        told["bytes"] = len(response.content)
        if _is_verbose():
            told["body"] = _body(response.content, response.headers)
    if response.history:
        told["url"] = redact_url(str(response.url))
    span.output(told)
    span.attribute("http:status", response.status_code)


def _is_verbose() -> bool:
    position = current_position()
    return position is not None and position.recorder is not None and position.recorder.verbose_http


def _headers(headers: httpx.Headers) -> Mapping[str, str]:
    return {name: MASK if is_secret(name) else redact_url(value) for name, value in headers.items()}


def _request_body(request: httpx.Request) -> object:
    try:
        return _body(request.content, request.headers)
    except httpx.RequestNotRead:
        return "<<streamed>>"


def _body(content: bytes, headers: httpx.Headers) -> object:
    if not content:
        return None
    if "json" in headers.get("content-type", "") and len(content) <= _MAX_BODY:
        try:
            return cast("object", httpx.Response(200, content=content).json())
        except ValueError:
            pass
    try:
        text = content[:_MAX_BODY].decode()
    except UnicodeDecodeError as error:
        if error.end < min(len(content), _MAX_BODY) - 4:  # not a character that was cut in two
            return f"<<{len(content)} bytes>>"
        text = content[:_MAX_BODY].decode("utf-8", "ignore")
    return text if len(content) <= _MAX_BODY else f"{text}… ({len(content)} bytes)"
