"""What a route tells the outer layers about its request."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection


class RequestFacts:
    """The workflow's and the token's name for the access log, and headers for whatever the answer becomes."""

    def __init__(self) -> None:
        self.workflow: str | None = None
        self.caller: str | None = None
        self.headers: dict[str, str] = {}


def request_facts(connection: HTTPConnection) -> RequestFacts:
    """The facts of the request that is being answered."""
    return cast("RequestFacts", connection.state.facts)


async def _facts(connection: HTTPConnection) -> RequestFacts:
    return request_facts(connection)


FactsDep = Annotated[RequestFacts, Depends(_facts)]
