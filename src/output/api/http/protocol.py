"""HTTP below the application: what is no HTTP request gets an answer in the contract's shape too."""

from __future__ import annotations

import uuid

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from output.api.http.errors import error_response
from output.api.http.responses import MEDIA_TYPE
from output.errors import ValidationError


class JsonHttpProtocol(HttpToolsProtocol):
    """Answers a malformed request as JSON; the application never sees it."""

    def send_400_response(self, msg: str) -> None:
        body = bytes(error_response(ValidationError(f"This is no HTTP request: {msg}")).body)
        head = (
            "HTTP/1.1 400 Bad Request",
            f"content-type: {MEDIA_TYPE}",
            f"content-length: {len(body)}",
            f"x-request-id: {uuid.uuid4()}",
            "connection: close",
        )
        self.transport.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        self.transport.close()
