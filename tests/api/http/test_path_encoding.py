"""Slashes inside a workflow ID are told from those between segments."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Scope

from output.api.http.path_encoding import drop_trailing_slash, is_stream, is_well_encoded, keep_slashes, restore_slashes


def scope_of(raw: str) -> Scope:
    return {"type": "http", "raw_path": raw.encode(), "path": raw.split("?", maxsplit=1)[0]}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text not in {".", ".."}))
def test_any_workflow_id_is_one_segment_and_comes_back(workflow_id: str) -> None:
    raw = f"/workflow/{quote(workflow_id, safe='')}/status"
    scope = scope_of(raw)
    scope["path"] = f"/workflow/{workflow_id}/status"
    keep_slashes(scope)
    first, second, segment, last = (
        scope["path"].split("/") if "/" in workflow_id else ("", "workflow", workflow_id, "status")
    )

    assert (first, second, last) == ("", "workflow", "status")
    assert restore_slashes(segment) == workflow_id


def test_a_path_without_encoded_slashes_is_left_alone() -> None:
    scope = scope_of("/workflow/a%20b/status")
    keep_slashes(scope)

    assert scope["path"] == "/workflow/a%20b/status"


def test_an_encoded_slash_in_the_query_is_none_of_the_path() -> None:
    scope = scope_of("/workflow/runs?workflowId=a%2Fb")
    keep_slashes(scope)

    assert scope["path"] == "/workflow/runs"


@pytest.mark.parametrize(
    ("raw", "is_good"),
    [
        ("/workflow/a", True),
        ("/workflow/a%2Fb", True),
        ("/workflow/%C3%A4", True),
        ("/workflow/%", False),
        ("/workflow/%2", False),
        ("/workflow/%zz", False),
        ("/workflow/%C3", False),
        ("/workflow/%FF", False),
        ("/workflow/a?x=%", True),
    ],
)
def test_broken_encoding_of_the_path_is_noticed(raw: str, is_good: bool) -> None:
    assert is_well_encoded(scope_of(raw)) is is_good


@pytest.mark.parametrize(
    ("path", "kept"), [("/a/", "/a"), ("/a", "/a"), ("/", "/"), ("/a//", "/a//"), ("/a/b/", "/a/b")]
)
def test_one_trailing_slash_is_taken_for_a_slip(path: str, kept: str) -> None:
    scope = scope_of(path)
    drop_trailing_slash(scope)

    assert scope["path"] == kept


def test_only_streams_are_streams() -> None:
    assert is_stream(scope_of("/workflow/a/history/stream"))
    assert not is_stream(scope_of("/workflow/stream/history"))
