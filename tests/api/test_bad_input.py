"""Bad input of every kind: each gets the contract's error, or a failed run that says why."""

from __future__ import annotations

import json

import pytest
from httpx import AsyncClient, Response

JSON = {"content-type": "application/json"}


def _mirror(value: bytes) -> bytes:
    return b'{"workflowName":"mirror","input":' + value + b"}"


async def _run(api: AsyncClient, body: bytes, content_type: str | None = "application/json") -> Response:
    headers = {} if content_type is None else {"content-type": content_type}
    return await api.post("/workflow/run", content=body, headers=headers)


NOT_JSON = {
    "NaN": _mirror(b"NaN"),
    "infinity": _mirror(b"[-Infinity]"),
    "a float beyond all floats": _mirror(b"[1e400]"),
    "an integer of 5000 digits": _mirror(b"9" * 5000),
    "a lone high surrogate": _mirror(rb'"\ud800"'),
    "a lone low surrogate": _mirror(rb'{"\udc00": 1}'),
    "a nesting of 1000": _mirror(b"[" * 1000 + b"]" * 1000),
    "a nesting of 100000": _mirror(b"[" * 100_000),
    "invalid UTF-8": _mirror(b'"\xff\xfe"'),
    "half an object": b'{"workflowName":',
    "a second value": _mirror(b"1") + b" 2",
    "a comment": _mirror(b"1 /* one */"),
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
async def test_what_is_no_json_is_a_400_that_says_where(contract: AsyncClient, body: bytes) -> None:
    reply = await _run(contract, body)

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
    assert reply.json()["message"].startswith("The body is not JSON: ")
    assert [issue["path"] for issue in reply.json()["issues"]] == ["body"]


@pytest.mark.parametrize(("body", "path"), [(b"", "body"), (b"null", "body"), (b"[]", "body"), (b"{}", "workflowName")])
async def test_a_body_of_another_shape_is_a_400(contract: AsyncClient, body: bytes, path: str) -> None:
    reply = await _run(contract, body)

    assert (reply.status_code, reply.json()["error"]) == (400, "ValidationError")
    assert [issue["path"] for issue in reply.json()["issues"]] == [path]


async def test_every_fault_of_a_body_is_listed(contract: AsyncClient) -> None:
    body = {"workflowName": 1, "workflowId": "x" * 256, "catalog": "a b", "timeout": 1, "conflictPolicy": "maybe"}
    reply = await contract.post("/workflow/run", json=body)

    assert {issue["path"] for issue in reply.json()["issues"]} == set(body)


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "x"])
async def test_a_body_that_is_not_declared_as_json_is_a_415(contract: AsyncClient, content_type: str | None) -> None:
    reply = await _run(contract, _mirror(b"1"), content_type)

    assert (reply.status_code, reply.json()["error"]) == (415, "UnsupportedMediaTypeError")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/vnd.api+json"])
async def test_a_body_of_a_json_type_is_taken(contract: AsyncClient, content_type: str) -> None:
    assert (await _run(contract, _mirror(b"1"), content_type)).json()["output"] == 1


async def test_a_body_over_the_limit_is_a_413_with_and_without_a_declared_length(contract: AsyncClient) -> None:
    body = _mirror(b'"' + b"x" * 3_000_000 + b'"')

    async def in_chunks():
        for at in range(0, len(body), 65_536):
            yield body[at : at + 65_536]

    for content in (body, in_chunks()):
        reply = await contract.post("/workflow/run", content=content, headers=JSON)
        assert (reply.status_code, reply.json()["error"]) == (413, "PayloadTooLargeError")
        assert "2097152" in reply.json()["message"]


async def test_integers_keep_all_their_digits_from_input_to_output(contract: AsyncClient) -> None:
    digits = b"[" + b"9" * 40 + b",-" + b"8" * 30 + b",18446744073709551616," + b"7" * 4000 + b"]"
    reply = await _run(contract, _mirror(digits))
    body = reply.content

    assert reply.status_code == 200
    assert b'"output":' + digits in body
    assert b'"input":' + digits in body


async def test_odd_but_valid_values_come_back_as_they_went(contract: AsyncClient) -> None:
    text = '{"": [0.1, -0.0, 1.5e-300, "\\u0000", "😀", null, true], "a\\/b": {"deep": ' + "[" * 150 + "]" * 150 + "}}"
    reply = await _run(contract, _mirror(text.encode()))

    assert reply.json()["output"] == json.loads(text)


async def test_of_duplicate_keys_the_last_counts(contract: AsyncClient) -> None:
    assert (await _run(contract, _mirror(b'{"a":1,"a":2}'))).json()["output"] == {"a": 2}


async def test_a_result_over_the_engines_limit_fails_the_run_and_names_the_step_and_the_size(
    contract: AsyncClient,
) -> None:
    step = (await contract.post("/workflow/run", json={"workflowName": "overweight"})).json()
    own = (await contract.post("/workflow/run", json={"workflowName": "heavy_end", "input": 3_000_000})).json()

    assert (step["status"], step["error"]["name"]) == ("failed", "ValueTooLargeError")
    assert all(part in step["error"]["message"] for part in ("'give_much'", "3000002 bytes"))
    assert step["error"]["activityType"] == "overweight#give_much"
    assert (own["status"], own["error"]["name"]) == ("failed", "ValueTooLargeError")
    assert all(part in own["error"]["message"] for part in ("'heavy_end'", "3000002 bytes"))


async def test_a_result_that_is_no_json_fails_the_run_and_says_which(contract: AsyncClient) -> None:
    result = (await contract.post("/workflow/run", json={"workflowName": "no_json"})).json()

    assert (result["status"], result["error"]["name"]) == ("failed", "ValidationError")
    assert all(part in result["error"]["message"] for part in ("'give_bad_json'", "NaN"))


async def test_an_id_that_no_engine_could_store_is_a_400(contract: AsyncClient) -> None:
    for workflow_id in ("", "x" * 256, "nul\0"):
        reply = await contract.post("/workflow/start", json={"workflowName": "mirror", "workflowId": workflow_id})
        assert (reply.status_code, reply.json()["issues"][0]["path"]) == (400, "workflowId")
