"""The one reader of the environment: each process reads its settings once and passes them down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

import pydantic
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode

from output.config.link_settings import LinkSettings
from output.config.payload_settings import AwsSettings, PayloadSettings
from output.config.temporal_profile import TemporalProfile, readable
from output.config.tokens import readable_tokens, weakness
from output.config.types import Address, CatalogId, Duration, Milliseconds, Origins, Port, comma_separated
from output.config.variables import Variables
from output.config.webhook_settings import WebhookSettings
from output.security.loopback import host_name
from output.security.token_file import read_tokens

S = TypeVar("S", bound=BaseSettings)
Protection = Literal["guard", "sandbox", "off"]
_BODY_BYTES = 2 * 1024 * 1024
_BESIDE_THE_VALUE = 64 * 1024


class SettingsError(Exception):
    """Variables that do not fit, one line for each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class Environment(Variables):
    """What every process reads: an empty variable counts as not set."""

    env: Literal["development", "production"] = Field(
        "development", validation_alias="OUTPUT_ENV", description="`production` turns auth and JSON logs on"
    )
    node_env: str | None = Field(
        None, validation_alias="NODE_ENV", description="`production` means the same as in `OUTPUT_ENV`"
    )

    ready_descriptor: int | None = Field(
        None,
        validation_alias="OUTPUT_READY_FD",
        description="file descriptor to write one JSON line to when the process is ready",
    )

    @property
    def is_production(self) -> bool:
        return self.env == "production" or self.node_env == "production"

    def conflicts(self) -> Iterator[str]:
        """What does not go together, a line for each."""
        yield from ()

    @model_validator(mode="after")
    def _without_conflicts(self) -> Self:
        found = list(self.conflicts())
        if found:
            raise ValueError("\n".join(found))
        return self


class EngineSettings(TemporalProfile, PayloadSettings, Environment):
    """How the engine is reached; API and worker must agree on them."""

    catalog_id: CatalogId = Field(
        "main", validation_alias="OUTPUT_CATALOG_ID", description="catalog id = task queue; the worker's must match"
    )
    address: Address = Field(
        "localhost:7233", validation_alias="TEMPORAL_ADDRESS", description="the engine's host and port"
    )
    namespace: str = Field("default", validation_alias="TEMPORAL_NAMESPACE", description="the engine's namespace")
    api_key: SecretStr | None = Field(
        None, validation_alias="TEMPORAL_API_KEY", description="the engine's API key; turns TLS on"
    )
    tls_client_cert: Path | None = Field(
        None, validation_alias="TEMPORAL_TLS_CLIENT_CERT", description="file of the client certificate (PEM), for mTLS"
    )
    tls_client_key: Path | None = Field(
        None, validation_alias="TEMPORAL_TLS_CLIENT_KEY", description="file of the client's key (PEM), for mTLS"
    )
    tls_server_ca: Path | None = Field(
        None,
        validation_alias="TEMPORAL_TLS_SERVER_CA",
        description="file of the CA that signed the engine's certificate",
    )
    tls_server_name: str | None = Field(
        None, validation_alias="TEMPORAL_TLS_SERVER_NAME", description="name to expect in the engine's certificate"
    )
    grpc_max_message_size: int = Field(
        32 * 1024 * 1024,
        ge=4 * 1024 * 1024,
        validation_alias="TEMPORAL_GRPC_MAX_MESSAGE_SIZE_BYTES",
        description="largest gRPC message, bytes",
    )

    @field_validator("tls_client_cert", "tls_client_key", "tls_server_ca")
    @classmethod
    def _readable(cls, path: Path | None) -> Path | None:
        return readable(path)

    def conflicts(self) -> Iterator[str]:
        yield from super().conflicts()
        yield from self.profile_conflicts()
        yield from self.payload_conflicts()
        has_cert = any((self.tls_client_cert, self.tls_client_cert_path, self.tls_client_cert_data))
        has_key = any((self.tls_client_key, self.tls_client_key_path, self.tls_client_key_data))
        if has_cert != has_key:
            yield "TEMPORAL_TLS_CLIENT_CERT and TEMPORAL_TLS_CLIENT_KEY go together: set both or neither"


class TraceSettings(AwsSettings, Environment):
    """Where traces go."""

    trace_local: bool = Field(
        False,
        validation_alias="OUTPUT_TRACE_LOCAL_ON",
        description="traces as files in `logs/runs/`; on in `output dev`",
    )
    trace_remote: bool = Field(False, validation_alias="OUTPUT_TRACE_REMOTE_ON", description="traces as objects in S3")
    trace_s3_bucket: str | None = Field(
        None, validation_alias="OUTPUT_TRACE_REMOTE_S3_BUCKET", description="bucket of remote traces"
    )
    trace_http_verbose: bool = Field(
        False,
        validation_alias="OUTPUT_TRACE_HTTP_VERBOSE",
        description="bodies of requests and answers of `output.http` in traces too",
    )
    otlp_endpoint: str | None = Field(
        None,
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description=(
            "an OpenTelemetry collector that gets spans, with `output-workflows[otel]`; its other `OTEL_*` hold too"
        ),
    )
    otlp_traces_endpoint: str | None = Field(
        None, validation_alias="OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", description="the same, for spans alone"
    )
    otel_service_name: str | None = Field(
        None, validation_alias="OTEL_SERVICE_NAME", description="the service's name on spans"
    )
    trace_host_path: str | None = Field(
        None,
        validation_alias="OUTPUT_TRACE_HOST_PATH",
        description="path to report for local traces when the worker runs in a container",
    )

    def conflicts(self) -> Iterator[str]:
        yield from super().conflicts()
        if self.trace_remote and not self.trace_s3_bucket:
            yield "OUTPUT_TRACE_REMOTE_ON needs OUTPUT_TRACE_REMOTE_S3_BUCKET"
        if self.trace_remote and find_spec("boto3") is None:
            yield "OUTPUT_TRACE_REMOTE_ON needs the S3 client: install `output-workflows[s3]`"
        yield from self.aws_conflicts()


class MetricsSettings(Environment):
    """Where metrics are served besides the API's own `/metrics`."""

    metrics_host: str | None = Field(
        None,
        validation_alias="OUTPUT_METRICS_HOST",
        description="address that ports of metrics listen on; `127.0.0.1` in development, `0.0.0.0` in production",
    )

    @property
    def metrics_listen_host(self) -> str:
        return self.metrics_host or ("0.0.0.0" if self.is_production else "127.0.0.1")


class ApiSettings(EngineSettings, LinkSettings, WebhookSettings, TraceSettings, MetricsSettings):
    """The API server's settings."""

    host: str | None = Field(
        None,
        validation_alias="OUTPUT_API_HOST",
        description="address to listen on; `127.0.0.1` in development, `0.0.0.0` in production",
    )
    port: Port = Field(3001, validation_alias="OUTPUT_API_PORT", description="port to listen on; 0 takes a free one")
    auth_tokens: Annotated[list[SecretStr], NoDecode, BeforeValidator(comma_separated)] = Field(
        default_factory=list[SecretStr],
        validation_alias="OUTPUT_API_AUTH_TOKEN",
        description=(
            "required in production, unless a file of tokens is given; several, comma-separated, are valid at once; "
            "each means the scope `admin`"
        ),
    )
    tokens_file: Annotated[Path | None, AfterValidator(readable_tokens)] = Field(
        None,
        validation_alias="OUTPUT_API_TOKENS_FILE",
        description="file of tokens with scopes, as `output token create` writes it; read again when it changes",
    )
    cors_origins: Origins = Field(
        None,
        validation_alias="OUTPUT_API_CORS_ORIGINS",
        description="allowed origins, comma-separated; in development those of this machine, none in production",
    )
    allowed_hosts: Annotated[list[str] | None, NoDecode, BeforeValidator(comma_separated)] = Field(
        None,
        validation_alias="OUTPUT_API_ALLOWED_HOSTS",
        description="`Host` values that are served, comma-separated; in development loopback names, any in production",
    )
    max_body_bytes: int | None = Field(
        None,
        ge=1,
        validation_alias="OUTPUT_API_MAX_BODY_BYTES",
        description="largest request body, bytes; 2 MiB, with a store for large values a little more than it takes",
    )
    service_name: str = Field(
        "output-api", validation_alias="OUTPUT_API_SERVICE_NAME", description="name in logs and metrics"
    )
    execution_timeout: Duration | None = Field(
        None,
        gt=timedelta(),
        validation_alias="TEMPORAL_WORKFLOW_EXECUTION_TIMEOUT",
        description="longest life of an execution, such as `24h`, `30m` or milliseconds; without it there is no bound",
    )
    max_waiting: Milliseconds = Field(
        timedelta(milliseconds=300_000),
        ge=timedelta(milliseconds=250),
        validation_alias="TEMPORAL_WORKFLOW_EXECUTION_MAX_WAITING",
        description="longest wait of `run`, ms",
    )
    history_max_wait: Milliseconds = Field(
        timedelta(milliseconds=15_000),
        gt=timedelta(),
        validation_alias="TEMPORAL_HISTORY_MAX_WAIT_TIMEOUT_MS",
        description="cap of a history long poll, ms",
    )
    metrics_port: Port | None = Field(
        None,
        validation_alias="OUTPUT_API_METRICS_PORT",
        description="a port of its own for the API's metrics, which needs no token; 0 takes a free one",
    )
    max_connections: int = Field(
        4000,
        ge=1,
        validation_alias="OUTPUT_API_MAX_CONNECTIONS",
        description="connections that one server holds; a 503 beyond it",
    )
    max_waits: int = Field(
        500,
        ge=1,
        validation_alias="OUTPUT_API_MAX_WAITS",
        description="requests that wait for runs at a time: `run`, `result?wait=` and history long polls",
    )
    max_streamed_runs: int = Field(
        500,
        ge=1,
        validation_alias="OUTPUT_API_MAX_STREAMED_RUNS",
        description="running workflows that one server streams at a time, whatever the number of viewers",
    )
    console: Literal["on", "read-only", "off"] = Field(
        "on",
        validation_alias="OUTPUT_CONSOLE",
        description="whether the web console is served at `/console/`: `on`, `read-only` (in production) or `off`",
    )
    stream_token_ttl: Duration = Field(
        timedelta(minutes=5),
        gt=timedelta(),
        validation_alias="OUTPUT_API_STREAM_TOKEN_TTL",
        description="how long a browser may connect with a stream token, such as `5m`",
    )

    @property
    def listen_host(self) -> str:
        return self.host or ("0.0.0.0" if self.is_production else "127.0.0.1")

    @property
    def body_limit(self) -> int:
        """The largest body in bytes; beside a value of the largest size there is room for the rest of a request."""
        if self.max_body_bytes is not None:
            return self.max_body_bytes
        return _BODY_BYTES if self.payload_store is None else self.payload_max_bytes + _BESIDE_THE_VALUE

    @property
    def allows_loopback_origins(self) -> bool:
        """Whether pages of this machine may ask, on whatever port they are served."""
        return self.cors_origins is None and not self.is_production

    @property
    def served_hosts(self) -> list[str]:
        """Names that `Host` may have, without ports; `*` is any. Those of this machine are served in any case."""
        if self.allowed_hosts is not None:
            return [host if host == "*" else host_name(host) for host in self.allowed_hosts]
        return ["*"] if self.is_production else [host_name(urlsplit(self.public_url).netloc)]

    def conflicts(self) -> Iterator[str]:
        yield from super().conflicts()
        if self.is_production and not self.auth_tokens:
            if self.tokens_file is None:
                yield "OUTPUT_API_AUTH_TOKEN is required in production"
            elif not read_tokens(self.tokens_file):
                yield "OUTPUT_API_TOKENS_FILE holds no token, and OUTPUT_API_AUTH_TOKEN is not set: nobody could ask"
        if self.is_production:
            found = {fault for token in self.auth_tokens if (fault := weakness(token.get_secret_value()))}
            yield from (f"OUTPUT_API_AUTH_TOKEN: {fault}" for fault in sorted(found))


class ProtectionSettings(Environment):
    """How workflow code is protected; `output check` reads these alone."""

    protection: Protection = Field(
        "guard",
        validation_alias="OUTPUT_WORKFLOW_PROTECTION",
        description="how workflow code is kept from clock, randomness, files and network: `guard`, `sandbox` or `off`",
    )


class WorkerSettings(EngineSettings, LinkSettings, WebhookSettings, ProtectionSettings, TraceSettings, MetricsSettings):
    """The worker's settings."""

    metrics_port: Port | None = Field(
        None,
        validation_alias="OUTPUT_METRICS_PORT",
        description=(
            "port of the worker's metrics, of several processes that of the first, and so on; 0 takes a free one; "
            "without it nothing is counted"
        ),
    )

    max_concurrent_activities: int = Field(
        40,
        ge=1,
        validation_alias="TEMPORAL_MAX_CONCURRENT_ACTIVITY_TASK_EXECUTIONS",
        description="steps that one worker process runs at a time",
    )
    max_concurrent_quick_steps: int = Field(
        40,
        ge=1,
        validation_alias="TEMPORAL_MAX_CONCURRENT_LOCAL_ACTIVITY_EXECUTIONS",
        description="quick steps that one worker process runs at a time, beside the others",
    )
    max_concurrent_workflow_tasks: int = Field(
        200,
        ge=2,
        validation_alias="TEMPORAL_MAX_CONCURRENT_WORKFLOW_TASK_EXECUTIONS",
        description="workflow tasks that one worker process runs at a time",
    )
    max_cached_workflows: int = Field(
        1000,
        ge=0,
        validation_alias="TEMPORAL_MAX_CACHED_WORKFLOWS",
        description="runs that one worker process keeps in memory; 0 replays every task",
    )
    max_activity_pollers: int = Field(
        5,
        ge=1,
        validation_alias="TEMPORAL_MAX_CONCURRENT_ACTIVITY_TASK_POLLS",
        description="polls for steps that one worker process holds open",
    )
    max_workflow_pollers: int = Field(
        5,
        ge=2,
        validation_alias="TEMPORAL_MAX_CONCURRENT_WORKFLOW_TASK_POLLS",
        description="polls for workflow tasks that one worker process holds open",
    )
    shutdown_grace: Duration = Field(
        timedelta(seconds=10),
        ge=timedelta(),
        validation_alias="OUTPUT_WORKER_SHUTDOWN_GRACE",
        description="how long running steps may go on after SIGTERM, such as `10s`",
    )


def load(settings: type[S], **overrides: object) -> S:
    """Read settings from the environment; raises SettingsError with one line for each fault."""
    try:
        return settings(**overrides)  # type: ignore[arg-type]
    except pydantic.ValidationError as error:
        errors = _errors(settings, error)
        fields = {str(detail["loc"][0]) for detail in error.errors(include_url=False) if detail["loc"]}
        defaults = {
            name: field.get_default(call_default_factory=True)
            for name, field in settings.model_fields.items()
            if name in fields or field.validation_alias in fields
        }
    if defaults:
        # What does not go together is looked for only in values that fit: with defaults for the others.
        try:
            settings(**{**overrides, **defaults})  # type: ignore[arg-type]
        except pydantic.ValidationError as error:
            errors += _errors(settings, error)
    raise SettingsError(errors)


def _errors(settings: type[BaseSettings], error: pydantic.ValidationError) -> list[str]:
    return [line for detail in error.errors(include_url=False) for line in _describe(settings, detail)]


def _describe(settings: type[BaseSettings], detail: ErrorDetails) -> list[str]:
    lines = [f"{line}." for line in detail["msg"].removeprefix("Value error, ").splitlines()]
    if not detail["loc"]:
        return lines
    variable = str(detail["loc"][0])
    field = settings.model_fields.get(variable)
    if field is not None and isinstance(field.validation_alias, str):
        variable = field.validation_alias
    return [f"{variable}: {line}" for line in lines]
