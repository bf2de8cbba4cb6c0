"""What the server keeps to read histories: pages, live streams, and the tokens for both."""

from __future__ import annotations

from dataclasses import dataclass

from output.api.sse.frames import write_events
from output.api.sse.tokens import StreamTokens
from output.config.settings import ApiSettings
from output.engine.connection import Engine
from output.engine.history.hub import HubLimits, LiveHub
from output.engine.history.pages import PageReader
from output.engine.history.reader import HistoryReader


@dataclass(frozen=True)
class Histories:
    """Readers of every run's history; one set for each server."""

    reader: HistoryReader
    pages: PageReader
    hub: LiveHub
    stream_tokens: StreamTokens

    async def close(self) -> None:
        """End all streams and everything that is asked of the engine for them."""
        await self.hub.close()
        await self.reader.close()


def open_histories(settings: ApiSettings, engine: Engine) -> Histories:
    """Readers over one engine; nothing is asked of it yet."""
    secrets = [token.get_secret_value() for token in settings.auth_tokens]
    reader = HistoryReader(engine)
    return Histories(
        reader=reader,
        pages=PageReader(reader, secrets=secrets),
        hub=LiveHub(reader, frame=write_events, limits=HubLimits(max_runs=settings.max_streamed_runs)),
        stream_tokens=StreamTokens(secrets, ttl=settings.stream_token_ttl),
    )
