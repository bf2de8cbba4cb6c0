"""The SDK's own metrics: it serves them on a port of the loopback interface, and ours passes them on."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

import httpx
from temporalio.runtime import PrometheusConfig

_TIMEOUT = 2.0  # seconds


@dataclass(frozen=True)
class SdkMetrics:
    """Where the SDK of this process serves its metrics."""

    address: str = field(default_factory=lambda: f"127.0.0.1:{_free_port()}")

    def config(self) -> PrometheusConfig:
        """What the runtime is told; names and units as Prometheus has them."""
        return PrometheusConfig(
            bind_address=self.address, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
        )

    async def read(self) -> bytes:
        """The text of a scrape; empty when the SDK does not answer in two seconds."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=_TIMEOUT) as client:
                response = await client.get(f"http://{self.address}/metrics")
        except httpx.HTTPError:
            return b""
        return response.content if response.is_success else b""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
