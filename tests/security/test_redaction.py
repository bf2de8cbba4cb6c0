import pytest

from output.security.redaction import MASK, is_secret, redact, redact_text, redact_url

SECRET = "hunter2-0451-very-secret"


@pytest.mark.parametrize(
    "name",
    [
        "password", "db_password", "PASSWD", "api_key", "apiKey", "X-Api-Key", "Authorization", "proxy-authorization",
        "Cookie", "Set-Cookie", "client_secret", "access_token", "idToken", "token", "jwt", "aws_secret_access_key",
        "privateKey", "credentials", "X-Amz-Signature", "X-Amz-Security-Token", "sessionId", "auth", "pwd", "csrfToken",
    ],
)  # fmt: skip
def test_a_value_under_a_telling_name_is_masked(name: str) -> None:
    assert redact({"outer": [{name: SECRET}]}) == {"outer": [{name: MASK}]}


@pytest.mark.parametrize(
    "name",
    ["inputTokens", "max_tokens", "token_count", "nextPageToken", "author", "key", "keyword", "passenger", "url"],
)
def test_names_of_no_secret_keep_their_values(name: str) -> None:
    assert not is_secret(name)


def test_null_and_truth_say_nothing_and_stay() -> None:
    assert redact({"password": None, "has_token": True, "token": False}) == {
        "password": None,
        "has_token": True,
        "token": False,
    }


def test_a_value_without_secrets_comes_back_as_the_same_object() -> None:
    value = {"url": "https://shop.example/list?page=2", "items": [1, {"name": "a"}]}

    assert redact(value) is value


@pytest.mark.parametrize(
    "text",
    [
        f"postgres://app:{SECRET}@db.internal:5432/main",
        f"cannot reach https://user:{SECRET}@host/path",
        f"https://user:{SECRET}/x@host/path",
        f"https://host/?access_token={SECRET}&page=1",
        f"https://host/#id_token={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f'{{"password": "{SECRET}"}}',
        f"API_KEY={SECRET} refused",
        f"token: '{SECRET}'",
        f"curl -H 'X-Api-Key: {SECRET}'",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_secrets_are_found_in_text(text: str) -> None:
    assert SECRET not in redact_text(text)


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abcdefghijklmnopqrstuvwxyz0123",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdefghij",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    ],
)
def test_keys_are_known_by_their_shape(secret: str) -> None:
    assert redact_text(f"the call with {secret} failed") == f"the call with {MASK} failed"


def test_pairs_of_header_name_and_value_are_masked() -> None:
    assert redact([["Authorization", SECRET], ["Accept", "text/html"]]) == [
        ["Authorization", MASK],
        ["Accept", "text/html"],
    ]


def test_a_recorded_url_keeps_its_path_and_parameter_names_only() -> None:
    assert redact_url(f"https://me:{SECRET}@host:8443/a/b?q={SECRET}&page=2#part") == (
        f"https://{MASK}@host:8443/a/b?q={MASK}&page={MASK}#part"
    )


def test_ordinary_prose_is_left_alone() -> None:
    text = "The secretary passed the token ring to the basic author; see https://host/docs?page=2 for keys."

    assert redact_text(text) == text


def test_a_value_nested_without_end_is_cut_rather_than_followed() -> None:
    value: object = SECRET
    for _ in range(5_000):
        value = {"password": value} if value == SECRET else [value]

    assert SECRET not in repr(redact(value))
