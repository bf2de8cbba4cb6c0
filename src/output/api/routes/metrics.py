"""The server's metrics, for Prometheus and all that reads its format."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from output.api.routing.strict_query import StrictRoute
from output.api.state import StateDep
from output.telemetry.metrics import CONTENT_TYPE

router = APIRouter(tags=["metrics"], route_class=StrictRoute)
_RESPONSES = {200: {"description": "One scrape", "content": {"text/plain": {"schema": {"type": "string"}}}}}


@router.get("/metrics", response_class=Response, responses={**_RESPONSES})
async def get_metrics(state: StateDep) -> Response:
    """Requests, queues, runs and streams, and the engine SDK's own metrics."""
    return Response(await state.scraper.scrape(), headers={"Content-Type": CONTENT_TYPE})
