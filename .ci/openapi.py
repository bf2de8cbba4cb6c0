"""The API's description, without a server: what the console's types are made from."""

from __future__ import annotations

import asyncio
import json
import sys

from output.api.app import build_app
from output.config.settings import ApiSettings
from output.engine.connection import connect


async def describe() -> dict[str, object]:
    """As `/openapi.json` answers it in development."""
    settings = ApiSettings()
    app = build_app(settings, await connect(settings, lazy=True))
    return app.openapi()


if __name__ == "__main__":
    json.dump(asyncio.run(describe()), sys.stdout)
