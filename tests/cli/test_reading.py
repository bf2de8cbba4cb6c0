"""Answers read without their models read like them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from output.cli.light_reading import read_catalog, read_runs, read_status
from output.models.catalog import Catalog, WorkflowEntry
from output.models.runs import RunPage, RunStatus, RunSummary

STATUS = RunStatus(workflow_id="w", run_id="r", status="completed", started_at=1, completed_at=None)
RUN = RunSummary(
    workflow_id="w",
    run_id="r",
    workflow_type="digest",
    status="completed",
    started_at=datetime(2026, 3, 6, 10, 30, 45, tzinfo=UTC),
    completed_at=None,
)


def test_every_field_of_a_status_and_of_a_listed_run_is_there() -> None:
    read = read_status(STATUS.model_dump_json(by_alias=True).encode())
    page = read_runs(RunPage(runs=[RUN], count=1, next_page_token=None).model_dump_json(by_alias=True).encode())

    assert {name: getattr(read, name) for name in RunStatus.model_fields} == STATUS.model_dump()
    assert {name: getattr(page.runs[0], name) for name in RunSummary.model_fields} == RUN.model_dump(mode="json")
    assert page.next_page_token is None


def test_every_field_of_a_catalog_entry_is_there() -> None:
    entry = WorkflowEntry(name="digest", path="workflows/digest.py", aliases=["boil"])
    read = read_catalog(Catalog(workflows=[entry]).model_dump_json(by_alias=True).encode()).workflows[0]

    assert {name: getattr(read, name) for name in WorkflowEntry.model_fields} == entry.model_dump()


def test_a_field_that_is_not_there_is_missed_by_its_wire_name() -> None:
    with pytest.raises(AttributeError, match="'completedAt'"):
        _ = read_status(b"{}").completed_at
