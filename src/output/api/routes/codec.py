"""A codec server for Temporal's own UI and command line, so that they show values that are encrypted or stored."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import model_response
from output.api.routing.request_body import JsonRoute
from output.api.state import EngineDep
from output.engine.remote_codec import decode_for_others, encode_for_others
from output.errors import PayloadTooLargeError, UnsupportedMediaTypeError, ValidationError
from output.models.codec import CodecPayloads

router = APIRouter(prefix="/codec", tags=["codec"], route_class=JsonRoute)
_ERRORS = may_raise(ValidationError, PayloadTooLargeError, UnsupportedMediaTypeError)


@router.post("/decode", response_model=CodecPayloads, responses=_ERRORS)
async def decode(body: CodecPayloads, engine: EngineDep) -> Response:
    """Payloads as they were before they were encrypted or stored; those that no key opens as they are."""
    return model_response(await decode_for_others(engine, body))


@router.post("/encode", response_model=CodecPayloads, responses=_ERRORS)
async def encode(body: CodecPayloads, engine: EngineDep) -> Response:
    """Payloads encrypted as ours are; as they are where values are not encrypted."""
    return model_response(await encode_for_others(engine, body))
