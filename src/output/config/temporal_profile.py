"""The engine's own variables, by the names that its tools and SDKs share, beside ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from output.config.variables import Variables


class TemporalProfile(Variables):
    """Certificates as files or as text, and profiles in `temporal.toml`.

    A profile is read only where `TEMPORAL_PROFILE` or `TEMPORAL_CONFIG_FILE` asks for it: a file in somebody's home
    must not turn `output dev` to a cloud.
    """

    profile: str | None = Field(
        None, validation_alias="TEMPORAL_PROFILE", description="profile of the engine's `temporal.toml` to use"
    )
    config_file: Path | None = Field(
        None,
        validation_alias="TEMPORAL_CONFIG_FILE",
        description="where `temporal.toml` is; without it the place where the engine's tools keep it",
    )
    tls: bool | None = Field(None, validation_alias="TEMPORAL_TLS", description="TLS on or off, whatever else is set")
    tls_client_cert_path: Path | None = Field(
        None, validation_alias="TEMPORAL_TLS_CLIENT_CERT_PATH", description="the same as `TEMPORAL_TLS_CLIENT_CERT`"
    )
    tls_client_cert_data: str | None = Field(
        None, validation_alias="TEMPORAL_TLS_CLIENT_CERT_DATA", description="the client certificate itself (PEM)"
    )
    tls_client_key_path: Path | None = Field(
        None, validation_alias="TEMPORAL_TLS_CLIENT_KEY_PATH", description="the same as `TEMPORAL_TLS_CLIENT_KEY`"
    )
    tls_client_key_data: SecretStr | None = Field(
        None, validation_alias="TEMPORAL_TLS_CLIENT_KEY_DATA", description="the client's key itself (PEM)"
    )
    tls_server_ca_path: Path | None = Field(
        None, validation_alias="TEMPORAL_TLS_SERVER_CA_CERT_PATH", description="the same as `TEMPORAL_TLS_SERVER_CA`"
    )
    tls_server_ca_data: str | None = Field(
        None, validation_alias="TEMPORAL_TLS_SERVER_CA_CERT_DATA", description="the CA's certificate itself (PEM)"
    )

    @field_validator("tls_client_cert_path", "tls_client_key_path", "tls_server_ca_path", "config_file")
    @classmethod
    def _is_readable(cls, path: Path | None) -> Path | None:
        return readable(path)

    def profile_conflicts(self) -> Iterator[str]:
        """Variables that say one thing twice."""
        for name, path, data in (
            ("CLIENT_CERT", self.tls_client_cert_path, self.tls_client_cert_data),
            ("CLIENT_KEY", self.tls_client_key_path, self.tls_client_key_data),
            ("SERVER_CA_CERT", self.tls_server_ca_path, self.tls_server_ca_data),
        ):
            if path is not None and data is not None:
                yield f"TEMPORAL_TLS_{name}_PATH and TEMPORAL_TLS_{name}_DATA say the same thing: set one of them"


def readable(path: Path | None) -> Path | None:
    """The path, if it can be read; raises ValueError."""
    if path is not None and not os.access(path, os.R_OK):
        raise ValueError(f"the file {str(path)!r} cannot be read")
    return path
