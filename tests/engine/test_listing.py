"""Filters of listings in the engine's language: no text can end its literal, and none is looked for in vain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from output.engine.listing import RunFilter
from output.engine.visibility import equals, quoted
from output.models.runs import RunSummary

AT = datetime(2026, 3, 6, 10, 30, tzinfo=UTC)


def summary(workflow_id: str = "w", workflow_type: str = "order") -> RunSummary:
    return RunSummary.model_validate(
        {
            "workflowId": workflow_id,
            "runId": "r",
            "workflowType": workflow_type,
            "status": "running",
            "startedAt": AT,
            "completedAt": None,
        }
    )


@pytest.mark.parametrize("text", ['"', "\\", '" OR WorkflowId != "', "it's", "名前", 'a\\"'])
def test_no_text_ends_its_literal(text: str) -> None:
    literal = quoted(text)
    inner = literal[1:-1].replace("\\\\", "").replace('\\"', "")

    assert literal.startswith('"')
    assert literal.endswith('"')
    assert '"' not in inner


@pytest.mark.parametrize(
    ("text", "query", "is_exact"),
    [
        ("order-7", 'Name = "order-7"', True),
        ("it's", 'Name = "it\'s"', True),
        ('say "hi"', 'Name STARTS_WITH "say "', False),
        ("back\\slash", 'Name STARTS_WITH "back"', False),
        ("line\nbreak", 'Name STARTS_WITH "line"', False),
        ("'quoted", None, False),
        ('"', None, False),
    ],
)
def test_texts_that_the_engine_cannot_compare_get_a_wider_term(text: str, query: str | None, is_exact: bool) -> None:
    term = equals("Name", text)

    assert (term.query, term.is_exact) == (query, is_exact)


def test_without_filters_all_but_our_own_workflows_are_listed() -> None:
    assert RunFilter().query() == 'WorkflowType NOT STARTS_WITH "$"'


def test_all_that_is_given_must_hold() -> None:
    wanted = RunFilter(
        workflow_type="order",
        catalog="main",
        status=("timed_out", "failed"),
        root=True,
        parent="p",
        tags=("a", "b"),
        workflow_id="w",
        started_after=AT,
    )

    assert wanted.query().split(" AND ")[1:] == [
        'WorkflowType = "order"',
        'WorkflowId = "w"',
        'ParentWorkflowId = "p"',
        'OutputTags = "a"',
        'OutputTags = "b"',
        'TaskQueue = "main"',
        'ExecutionStatus IN ("TimedOut", "Failed")',
        "ParentWorkflowId IS NULL",
        'StartTime >= "2026-03-06T10:30:00+00:00"',
    ]


def test_times_are_asked_for_in_utc_and_the_end_is_left_out() -> None:
    before = AT.astimezone(timezone(timedelta(hours=5)))

    assert RunFilter(started_before=before).query().endswith('StartTime < "2026-03-06T10:30:00+00:00"')


def test_a_wider_term_is_narrowed_by_looking_again() -> None:
    wanted = RunFilter(workflow_id='say "hi"')

    assert not wanted.is_exact()
    assert wanted.admits(summary('say "hi"'))
    assert not wanted.admits(summary('say "ho"'))
    assert not RunFilter(workflow_type="other").admits(summary())


def test_filters_that_differ_have_other_fingerprints() -> None:
    filters = [RunFilter(), RunFilter(workflow_id="a"), RunFilter(workflow_type="a"), RunFilter(workflow_id="\ud800")]

    assert len({each.fingerprint() for each in filters}) == 4
    assert RunFilter(workflow_id="a").fingerprint() == RunFilter(workflow_id="a").fingerprint()
