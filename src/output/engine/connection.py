"""The connection to the engine, made when it is first needed and kept."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property

from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import GrpcCompression, KeepAliveConfig, PayloadLimitsConfig, RetryConfig

from output.config.settings import EngineSettings
from output.engine.payloads.carrier import ValueCarrier
from output.engine.payloads.converter import build_data_converter
from output.engine.payloads.limits import ValueLimits, limits_of
from output.engine.profile import resolve_target
from output.engine.sdk_metrics import SdkMetrics
from output.engine.telemetry import telemetry_interceptors
from output.telemetry.provider import Telemetry

# High-level calls retry by themselves; a caller of ours is told within 3 s that the engine is away.
_RETRY = RetryConfig(initial_interval_millis=50, max_interval_millis=500, max_elapsed_time_millis=2_000, max_retries=10)
# The core names neither the step nor what to do; `output.engine.payloads.limits` does.
_NO_WARNINGS = PayloadLimitsConfig(payloads_warn_size=0, memo_warn_size=0)
HEARTBEAT_INTERVAL = timedelta(seconds=2)  # of workers: how soon the engine knows of one, and that one is gone


@dataclass(frozen=True)
class Engine:
    """A namespace of an engine and how its payloads are read; `client` is shared by all calls."""

    client: Client
    settings: EngineSettings
    sdk_metrics: SdkMetrics | None = None

    @property
    def namespace(self) -> str:
        return self.client.namespace

    @property
    def data_converter(self) -> DataConverter:
        return self.client.data_converter

    @cached_property
    def limits(self) -> ValueLimits:
        """How large values may be."""
        return limits_of(self.settings)

    @cached_property
    def values(self) -> ValueCarrier:
        """How values get into the engine, and are read there."""
        return ValueCarrier(self.client.data_converter)


async def connect(
    settings: EngineSettings, *, lazy: bool = False, telemetry: Telemetry | None = None, counts: bool = False
) -> Engine:
    """Connect to the engine; with `lazy` on the first call, again and again until it succeeds.

    With `counts` the SDK keeps metrics. They are of the process: the first connection decides.

    Raises RuntimeError when the engine does not answer (not with `lazy`).
    """
    target = resolve_target(settings)
    runtime, sdk_metrics = _runtime(settings.grpc_max_message_size, counts=counts)
    client = await Client.connect(
        target.address,
        namespace=target.namespace,
        api_key=target.api_key,
        tls=target.tls,
        rpc_metadata=target.metadata,
        data_converter=build_data_converter(settings),
        retry_config=_RETRY,
        keep_alive_config=KeepAliveConfig(interval_millis=10_000, timeout_millis=5_000),
        grpc_compression=GrpcCompression.NONE if _is_loopback(target.address) else GrpcCompression.GZIP,
        lazy=lazy,
        payload_limits=_NO_WARNINGS,
        interceptors=telemetry_interceptors(telemetry),
        runtime=runtime,
    )
    return Engine(client, settings, sdk_metrics)


@cache
def _runtime(max_message_size: int, *, counts: bool) -> tuple[Runtime, SdkMetrics | None]:
    """The SDK's own threads, once for each process: the SDK reads its limit from the environment, and only then."""
    os.environ.setdefault("TEMPORAL_MAX_INCOMING_GRPC_BYTES", str(max_message_size))
    # The core's lines go where ours go: it would write them itself, with colours and with values in them.
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    lines = LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding)
    metrics = SdkMetrics() if counts else None
    telemetry = TelemetryConfig(logging=lines, metrics=metrics.config() if metrics is not None else None)
    return Runtime(telemetry=telemetry, worker_heartbeat_interval=HEARTBEAT_INTERVAL), metrics


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    return host in {"localhost", "::1"} or host.startswith("127.")
