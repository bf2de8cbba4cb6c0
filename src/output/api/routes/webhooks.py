"""Completion webhooks of a run: what was delivered, and delivery once more."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from output.api.http.responses import model_response
from output.api.routing.request_body import JsonRoute
from output.api.routing.run_routes import RunDep, run_route
from output.api.state import ServicesDep
from output.errors import NotFoundError
from output.models.webhooks import WebhookDeliveries
from output.operations import webhooks

router = APIRouter(tags=["webhooks"], route_class=JsonRoute)


@run_route(router, "GET", "/webhooks", responses=WebhookDeliveries, errors=(NotFoundError,))
async def get_webhooks(run: RunDep, services: ServicesDep) -> Response:
    """Whom a run tells of its end, and the messages so far with their attempts."""
    return model_response(await webhooks.read_deliveries(services, run))


@run_route(router, "POST", "/webhooks/redeliver", responses=WebhookDeliveries, errors=(NotFoundError,))
async def redeliver_webhook(run: RunDep, services: ServicesDep) -> Response:
    """Send the run's end again, at once; what is being tried is tried now. A run that is open is waited for."""
    return model_response(await webhooks.redeliver(services, run))
