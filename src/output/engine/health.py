"""Whether the engine answers."""

from __future__ import annotations

from datetime import timedelta

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest

from output.engine.connection import Engine
from output.engine.rpc_errors import translate_rpc_errors


async def check_engine(engine: Engine) -> None:
    """Ask once, without retries; raises EngineNotAvailableError within 2 s."""
    with translate_rpc_errors():
        await engine.client.workflow_service.get_system_info(
            GetSystemInfoRequest(), retry=False, timeout=timedelta(seconds=2)
        )
