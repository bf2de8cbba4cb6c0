"""The engine is reached by our variables, by its tools' own, or by a profile of `temporal.toml`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from output.config.settings import EngineSettings, SettingsError, load
from output.engine.connection import connect
from output.engine.profile import resolve_target
from tests.support.certificates import Authority, make_authority, tls_server

TOML = """
[profile.default]
address = "default.example:7233"

[profile.cloud]
address = "cloud.example:7233"
namespace = "ours.abc"
api_key = "from-the-file"

[profile.cloud.grpc_meta]
team = "blue"

[profile.mutual]
address = "127.0.0.1:7233"

[profile.mutual.tls]
server_name = "engine.test"
client_cert_path = "{client}.pem"
client_key_path = "{client}.key"
server_ca_cert_path = "{ca}"

[profile.plain.tls]
disabled = true
"""


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def config_file(authority: Authority, tmp_path: Path) -> Path:
    file = tmp_path / "temporal.toml"
    file.write_text(TOML.format(client=authority.client.cert.with_suffix(""), ca=authority.ca))
    return file


def _ours(authority: Authority, _: Path) -> dict[str, str]:
    return {
        "TEMPORAL_TLS_CLIENT_CERT": str(authority.client.cert),
        "TEMPORAL_TLS_CLIENT_KEY": str(authority.client.key),
        "TEMPORAL_TLS_SERVER_CA": str(authority.ca),
        "TEMPORAL_TLS_SERVER_NAME": "engine.test",
    }


def _paths(authority: Authority, _: Path) -> dict[str, str]:
    return {
        "TEMPORAL_TLS_CLIENT_CERT_PATH": str(authority.client.cert),
        "TEMPORAL_TLS_CLIENT_KEY_PATH": str(authority.client.key),
        "TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(authority.ca),
        "TEMPORAL_TLS_SERVER_NAME": "engine.test",
    }


def _data(authority: Authority, _: Path) -> dict[str, str]:
    return {
        "TEMPORAL_TLS_CLIENT_CERT_DATA": authority.client.cert.read_text(),
        "TEMPORAL_TLS_CLIENT_KEY_DATA": authority.client.key.read_text(),
        "TEMPORAL_TLS_SERVER_CA_CERT_DATA": authority.ca.read_text(),
        "TEMPORAL_TLS_SERVER_NAME": "engine.test",
    }


def _profile(_: Authority, file: Path) -> dict[str, str]:
    return {"TEMPORAL_CONFIG_FILE": str(file), "TEMPORAL_PROFILE": "mutual"}


Variables = Callable[[Authority, Path], dict[str, str]]


@pytest.mark.parametrize("variables", [_ours, _paths, _data, _profile])
async def test_the_engine_sees_the_certificate(
    variables: Variables, authority: Authority, config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables(authority, config_file).items():
        monkeypatch.setenv(name, value)
    with tls_server(authority) as server:
        monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{server.port}")
        with pytest.raises(RuntimeError):  # it hangs up after the handshake
            await connect(load(EngineSettings))

    assert set(server.clients) == {"client.test"}


def test_a_profile_gives_what_no_variable_does(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(config_file))
    first = resolve_target(load(EngineSettings))
    monkeypatch.setenv("TEMPORAL_PROFILE", "cloud")
    target = resolve_target(load(EngineSettings))
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "another")
    monkeypatch.setenv("TEMPORAL_API_KEY", "from-a-variable")
    changed = resolve_target(load(EngineSettings))

    assert (first.address, first.namespace, first.tls) == ("default.example:7233", "default", False)
    assert (target.address, target.namespace, target.api_key) == ("cloud.example:7233", "ours.abc", "from-the-file")
    assert target.metadata == {"team": "blue"}
    assert target.tls
    assert (changed.address, changed.namespace, changed.api_key) == (target.address, "another", "from-a-variable")


def test_tls_can_be_turned_on_and_off(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_TLS", "true")
    assert resolve_target(load(EngineSettings)).tls
    monkeypatch.setenv("TEMPORAL_TLS", "false")
    monkeypatch.setenv("TEMPORAL_API_KEY", "key")
    assert resolve_target(load(EngineSettings)).tls is False
    monkeypatch.delenv("TEMPORAL_TLS")
    assert resolve_target(load(EngineSettings)).tls
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(config_file))
    monkeypatch.setenv("TEMPORAL_PROFILE", "plain")
    assert resolve_target(load(EngineSettings)).tls is False


def test_a_file_that_nobody_asked_for_is_not_read(
    config_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "home" / "temporalio" / "temporal.toml"
    place.parent.mkdir(parents=True)
    place.write_bytes(config_file.read_bytes())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    assert resolve_target(load(EngineSettings)).address == "localhost:7233"


def test_an_unknown_profile_and_a_thing_said_twice_are_told_by_name(
    config_file: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(config_file))
    monkeypatch.setenv("TEMPORAL_PROFILE", "nobody")
    with pytest.raises(SettingsError, match=r"TEMPORAL_PROFILE.*nobody"):
        resolve_target(load(EngineSettings))
    for name, value in (_paths(authority, config_file) | _data(authority, config_file)).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_CERT_DATA say"):
        load(EngineSettings)
