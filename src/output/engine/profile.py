"""Where the engine is and how it is spoken to: our settings over a profile of the engine's own configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.envconfig import ClientConfigProfile
from temporalio.service import TLSConfig

from output.config.settings import EngineSettings, SettingsError


@dataclass(frozen=True)
class Target:
    """What a connection needs to know; `metadata` goes with every call."""

    address: str
    namespace: str
    api_key: str | None
    tls: TLSConfig | bool
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


def resolve_target(settings: EngineSettings) -> Target:
    """The settings, with the profile's values where a variable is not set; raises SettingsError for a bad profile."""
    profile = _load(settings)
    given = settings.model_fields_set
    key = settings.api_key.get_secret_value() if settings.api_key is not None else profile.api_key
    return Target(
        settings.address if "address" in given else profile.address or settings.address,
        settings.namespace if "namespace" in given else profile.namespace or settings.namespace,
        key,
        _tls(settings, profile, has_key=key is not None),
        profile.grpc_meta,
    )


def _load(settings: EngineSettings) -> ClientConfigProfile:
    if settings.profile is None and settings.config_file is None:
        return ClientConfigProfile()
    try:
        return ClientConfigProfile.load(settings.profile, config_source=settings.config_file, disable_env=True)
    except RuntimeError as error:
        raise SettingsError([f"TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE: {error}"]) from error


def _tls(settings: EngineSettings, profile: ClientConfigProfile, *, has_key: bool) -> TLSConfig | bool:
    """Certificates turn TLS on, and so does an API key; `TEMPORAL_TLS` has the last word."""
    other = profile.tls
    ours = TLSConfig(
        server_root_ca_cert=_read(settings.tls_server_ca, settings.tls_server_ca_path, settings.tls_server_ca_data)
        or _read_source(other and other.server_root_ca_cert),
        domain=settings.tls_server_name or (other.server_name if other else None),
        client_cert=_read(settings.tls_client_cert, settings.tls_client_cert_path, settings.tls_client_cert_data)
        or _read_source(other and other.client_cert),
        client_private_key=_read(
            settings.tls_client_key,
            settings.tls_client_key_path,
            None if settings.tls_client_key_data is None else settings.tls_client_key_data.get_secret_value(),
        )
        or _read_source(other and other.client_private_key),
    )
    is_on = settings.tls
    if is_on is None and other is not None and other.disabled is not None:
        is_on = not other.disabled
    if is_on is None:
        is_on = has_key or other is not None or ours != TLSConfig()
    return ours if is_on else False


def _read(*sources: Path | str | None) -> bytes | None:
    """The first that is given: a file, or the text itself."""
    for source in sources:
        if source is not None:
            return _read_source(source)
    return None


def _read_source(source: Path | str | bytes | None) -> bytes | None:
    if isinstance(source, Path):
        return source.read_bytes()
    return source.encode() if isinstance(source, str) else source
