"""Settings: all faults at once, at the start of each process; every variable is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from output.config.light import ClientVariables, DevVariables
from output.config.settings import ApiSettings, SettingsError, WorkerSettings, load
from output.security.token_file import StoredToken, add_token
from output.security.token_hashes import hash_token
from tests.support.processes import clean_environment

DOCS = Path(__file__).parents[2] / "docs" / "configuration.md"
BAD = {
    "OUTPUT_ENV": "production",
    "OUTPUT_API_PORT": "http",
    "TEMPORAL_ADDRESS": "somewhere",
    "TEMPORAL_MAX_CACHED_WORKFLOWS": "-1",
    "OUTPUT_TRACE_REMOTE_ON": "on",
    "OUTPUT_AWS_ACCESS_KEY_ID": "secret-key",
}


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (
            "output.api",
            {"OUTPUT_API_PORT:", "TEMPORAL_ADDRESS:", "OUTPUT_API_AUTH_TOKEN", "OUTPUT_TRACE_REMOTE_ON", "OUTPUT_AWS_"},
        ),
        (
            "output.worker",
            {"TEMPORAL_MAX_CACHED_WORKFLOWS:", "TEMPORAL_ADDRESS:", "OUTPUT_TRACE_REMOTE_ON", "OUTPUT_AWS_"},
        ),
    ],
)
def test_values_that_do_not_fit_stop_the_process_with_one_line_for_each_fault(module: str, expected: set[str]) -> None:
    words = [sys.executable, "-m", module]
    ended = subprocess.run(words, env=clean_environment(**BAD), capture_output=True, text=True, timeout=60, check=False)
    lines = ended.stderr.splitlines()

    assert ended.returncode == 1
    assert len(lines) == len(expected), lines
    assert all(any(line.startswith(start) for line in lines) for start in expected), lines
    assert "secret-key" not in ended.stderr


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTPUT_API_PORT", "")
    assert load(ApiSettings).port == 3001


def test_node_env_means_the_same_as_output_env(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_ENV", "production")
    with pytest.raises(SettingsError, match="OUTPUT_API_AUTH_TOKEN is required in production"):
        load(ApiSettings)
    monkeypatch.setenv("OUTPUT_API_AUTH_TOKEN", "first-of-16-signs, second-of-16-signs")
    settings = load(ApiSettings)
    assert (settings.listen_host, settings.allows_loopback_origins, settings.served_hosts) == ("0.0.0.0", False, ["*"])
    assert [token.get_secret_value() for token in settings.auth_tokens] == ["first-of-16-signs", "second-of-16-signs"]


def test_a_server_in_development_listens_here_only_and_serves_names_and_pages_of_this_machine() -> None:
    settings = load(ApiSettings)
    assert (settings.listen_host, settings.allows_loopback_origins) == ("127.0.0.1", True)
    assert settings.served_hosts == ["localhost"]


def test_the_documentation_lists_every_variable_and_no_other() -> None:
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", DOCS.read_text(), re.MULTILINE))
    read = {
        str(field.validation_alias) for kind in (ApiSettings, WorkerSettings) for field in kind.model_fields.values()
    }
    read |= {str(field.metadata["variable"]) for kind in (ClientVariables, DevVariables) for field in fields(kind)}

    assert documented == read


@pytest.mark.parametrize("token", ["short", "fifteen-signs--", "change-me-change-me", "xxxxxxxxxxxxxxxxxxxx"])
def test_short_tokens_and_placeholders_are_refused_in_production_with_what_makes_a_good_one(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("OUTPUT_API_AUTH_TOKEN", f"a-good-token-of-the-tests,{token}")
    load(ApiSettings)
    monkeypatch.setenv("OUTPUT_ENV", "production")
    with pytest.raises(SettingsError, match=r"OUTPUT_API_AUTH_TOKEN: a token .*token_urlsafe") as raised:
        load(ApiSettings)
    assert token not in str(raised.value)


def test_a_broken_file_of_tokens_stops_the_server_and_one_with_tokens_is_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "tokens"
    monkeypatch.setenv("OUTPUT_API_TOKENS_FILE", str(file))
    monkeypatch.setenv("OUTPUT_ENV", "production")
    for text, why in ((None, "cannot be read"), ("{}", "line 1: name"), ("", "holds no token")):
        if text is not None:
            file.write_text(text)
        with pytest.raises(SettingsError, match=f"OUTPUT_API_TOKENS_FILE.*{why}"):
            load(ApiSettings)
    add_token(file, StoredToken(name="a", hash=hash_token("the-only-token-there-is"), scopes=["view"]))
    assert load(ApiSettings).tokens_file == file
