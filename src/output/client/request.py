"""What goes to a server and what comes back, whoever carries it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from ipaddress import ip_address
from typing import Literal
from urllib.parse import unquote, urlencode, urlsplit

Repeat = Literal["always", "if_undone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; `path` is below the server's URL and quoted.

    `repeat` says when it may be sent again: `always` where a second one does no harm, `if_undone` only when the
    first one is known to have had no effect. `patience` is how long the server may take beyond the usual.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    repeat: Repeat = "always"
    extra_wait: timedelta = timedelta()

    @property
    def target(self) -> str:
        """Path and query as they go below the server's URL."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whatever its status; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def next_page_token(response: Response) -> str | None:
    """The page token in the `Link` header of a listing, None where there are no more."""
    found = re.search(r'<[^>]*[?&]pageToken=([^&>]+)[^>]*>\s*;\s*rel="next"', response.headers.get("link", ""))
    return None if found is None else unquote(found[1])


@dataclass(frozen=True, slots=True)
class NoResponse:
    """There was no answer; `sent` says whether the server may have got the request."""

    reason: str
    sent: bool


Outcome = Response | NoResponse


@dataclass(frozen=True, slots=True)
class Server:
    """Where an API server is and what it wants to see; raises ValueError for what is no HTTP address."""

    url: str
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{self.url!r} is no address of an API server; give one such as http://localhost:3001.")

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, where no proxy stands in between."""
        host = urlsplit(self.url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or _is_loopback(host)

    @property
    def proxy(self) -> str | None:
        """The proxy that the environment names for this server, without credentials."""
        from urllib.request import getproxies, proxy_bypass  # half a tenth of a second, where httpx alone is used

        parts = urlsplit(self.url)
        if self.is_loopback or proxy_bypass(parts.netloc):
            return None
        proxies = getproxies()
        found = proxies.get(parts.scheme) or proxies.get("all")
        return None if found is None else re.sub(r"//[^/@]*@", "//", found)

    def address(self, request: Request) -> str:
        return f"{self.url.rstrip('/')}{request.target}"

    def headers(self, request: Request) -> Mapping[str, str]:
        headers = {"accept": "application/json", "user-agent": "output-client"}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        if request.body is not None:
            headers["content-type"] = "application/json"
        return {**headers, **request.headers}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def trust() -> ssl.SSLContext:
    """The certificates that this machine trusts, for all that the client opens."""
    return ssl.create_default_context()


def whole_milliseconds(duration: timedelta) -> int:
    """As the API takes durations."""
    return round(duration / timedelta(milliseconds=1))
