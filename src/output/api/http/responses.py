"""JSON answers, written once and quickly."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
import pydantic_core
from starlette.responses import Response

from output.models.wire_model import WireModel

MEDIA_TYPE = "application/json"


def model_response(model: WireModel, *, headers: Mapping[str, str] | None = None) -> Response:
    """A model as the contract names its fields; integers keep all their digits."""
    return Response(model.model_dump_json(by_alias=True), media_type=MEDIA_TYPE, headers=headers)


def json_response(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Any JSON value."""
    try:
        body = orjson.dumps(value)
    except TypeError:  # an integer of more than 64 bits, or text that is no UTF-8
        body = pydantic_core.to_json(value)
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)
