"""What is counted, and that what is counted stays bounded."""

from __future__ import annotations

import httpx
import pytest

from output.telemetry.metrics import OTHER, Bounded, open_registry, render
from output.telemetry.metrics_server import MetricsPortError, serve_metrics


def test_values_of_a_label_are_told_apart_up_to_a_number_and_known_ones_stay() -> None:
    name = Bounded(2)
    assert [name(value) for value in ("a", "b", "c", "a", "d")] == ["a", "b", OTHER, "a", OTHER]


async def test_metrics_are_served_on_a_port_of_their_own_and_nothing_else_is() -> None:
    registry = open_registry()

    async def scrape() -> bytes:
        return render(registry, b"# of another\nother_total 1\n")

    async with serve_metrics("127.0.0.1", 0, scrape) as port, httpx.AsyncClient(trust_env=False) as client:
        found = await client.get(f"http://127.0.0.1:{port}/metrics")
        nothing = await client.get(f"http://127.0.0.1:{port}/workflow/runs")
        posted = await client.post(f"http://127.0.0.1:{port}/metrics")
        assert port is not None
        with pytest.raises(MetricsPortError, match=f"127.0.0.1:{port} for metrics: Address already in use"):
            async with serve_metrics("127.0.0.1", port, scrape):
                pass
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/metrics")

    assert found.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "output_build_info{" in found.text
    assert "other_total 1" in found.text
    assert (nothing.status_code, posted.status_code) == (404, 404)


async def test_without_a_port_nothing_is_served() -> None:
    async def scrape() -> bytes:
        raise AssertionError

    async with serve_metrics("127.0.0.1", None, scrape) as port:
        assert port is None
