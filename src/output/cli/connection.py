"""How commands reach the API: a plain request at once, or the async client for what lasts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from output.cli.exit_codes import CommandError
from output.config.light import read_variables

if TYPE_CHECKING:
    from output.client.client import Client
    from output.client.request import Request, Response, Server

_TIMEOUT = timedelta(seconds=30)
# Someone waits for the Tab key.
_COMPLETION_TIMEOUT = timedelta(seconds=1)


def ask(request: Request) -> Response:
    """The answer to one request; raises what the server raised."""
    from output.client.retry import Retries
    from output.client.urllib_transport import ask

    retries = Retries(attempts=4, first_pause=timedelta(milliseconds=100))
    return ask(_server(), request, retries=retries, timeout=_TIMEOUT)


def ask_briefly(request: Request) -> Response:
    """The answer to one request, if it comes quickly."""
    from output.client.retry import Retries
    from output.client.urllib_transport import ask

    return ask(_server(), request, retries=Retries(attempts=1), timeout=_COMPLETION_TIMEOUT)


def server_url() -> str:
    """Where the server is, without a slash at its end."""
    return _server().url.rstrip("/")


def open_client() -> Client:
    """The client for streams, which waits about half a minute for a server that went away."""
    from output.client.client import Client
    from output.client.retry import Retries

    server = _server()
    return Client(server.url, token=server.token, retries=Retries(attempts=12, longest_pause=timedelta(seconds=5)))


def _server() -> Server:
    from output.client.request import Server

    variables = read_variables()
    try:
        return Server(variables.url, variables.token)
    except ValueError as error:
        raise CommandError(f"OUTPUT_API_URL: {error}") from None
