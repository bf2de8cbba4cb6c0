"""Who answers a question, as far as the request tells."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from starlette.requests import HTTPConnection

from output.api.middleware.request_facts import RequestFacts
from output.models.waits import Audit


def audit_of(connection: HTTPConnection, facts: RequestFacts) -> Audit:
    """The token's name, the address, and the time."""
    return Audit(id=uuid.uuid4().hex, at=datetime.now(UTC), by=facts.caller, address=address_of(connection))


def address_of(connection: HTTPConnection) -> str | None:
    """Where the request comes from: the proxy's word for it, where the server was told to trust one."""
    return connection.client.host if connection.client is not None else None
