"""Whether the process serves, and whether the engine answers."""

from __future__ import annotations

from fastapi import APIRouter

from output.api.http.errors import may_raise
from output.api.state import EngineDep
from output.engine.health import check_engine
from output.errors import EngineNotAvailableError
from output.models.health import Health

router = APIRouter(tags=["health"])


@router.get("/health")
async def health() -> Health:
    """200 as long as the process serves; never needs credentials."""
    return Health(status="ok")


@router.get("/ready", responses=may_raise(EngineNotAvailableError))
async def ready(engine: EngineDep) -> Health:
    """200 when the engine answers, 503 when it does not; never needs credentials."""
    await check_engine(engine)
    return Health(status="ok")


@router.post("/heartbeat", status_code=204)
async def heartbeat() -> None:
    """An empty target for outbound calls in tests."""
