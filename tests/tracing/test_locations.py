from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from output.config.settings import TraceSettings, load
from output.models.runs import TraceLocations
from output.tracing.locations import (
    TraceTarget,
    local_name,
    of_run,
    remote_key,
    safe_name,
    trace_locations,
    trace_target,
)

AT = datetime(2026, 3, 6, 10, 30, 45, 123_456, tzinfo=UTC)
RUN = "0192f3c4-1a2b-7c3d-8e4f-0123456789ab"
TARGET = TraceTarget("/srv/project", "https://traces.s3.eu-west-1.amazonaws.com")


def test_a_local_trace_lies_below_the_project_and_a_remote_one_at_the_buckets_address() -> None:
    found = trace_locations(TARGET, workflow="digest", workflow_id="order-7", started_at=AT)

    assert found == TraceLocations(
        local="/srv/project/logs/runs/digest/2026-03-06-10-30-45-123Z_order-7.json",
        remote="https://traces.s3.eu-west-1.amazonaws.com/runs/digest/order-7/2026-03-06-10-30-45-123Z.json",
    )


def test_off_is_no_location() -> None:
    assert trace_locations(TraceTarget(), workflow="digest", workflow_id="a", started_at=AT) is None


def test_a_custom_endpoint_is_reported_as_s3_address() -> None:
    settings = load(
        TraceSettings,
        trace_remote=True,
        trace_s3_bucket="traces",
        aws_endpoint_url="http://127.0.0.1:9000",
        aws_access_key_id=SecretStr("a"),
        aws_secret_access_key=SecretStr("b"),
    )

    assert trace_target(settings, Path("/srv")).remote == "s3://traces"


def test_the_host_path_is_reported_instead_of_the_containers() -> None:
    settings = load(TraceSettings, trace_local=True, trace_host_path="/home/ada/project/")

    assert trace_target(settings, Path("/app")).local == "/home/ada/project"


@pytest.mark.parametrize(
    "hostile",
    ["../../etc/passwd", "..", ".", "a/b", "a\\b", "nul\0", "é" * 255, "x" * 255, " ", "~", "a~~b", "%2e%2e", "\ud800"],
)
def test_no_workflow_id_leaves_its_folder_or_is_too_long_for_a_file(hostile: str) -> None:
    found = trace_locations(TARGET, workflow="digest", workflow_id=hostile, started_at=AT)

    assert found is not None
    assert found.local is not None
    assert found.remote is not None
    path = Path(found.local)
    assert path.parent == Path("/srv/project/logs/runs/digest")
    assert len(path.name.encode()) <= 200
    assert local_name(found.local) == Path("digest", path.name)
    assert remote_key(found.remote, base="https://traces.s3.eu-west-1.amazonaws.com") is not None


def test_ids_that_differ_only_in_unsafe_or_late_characters_get_different_names() -> None:
    ids = ["a/b", "a\\b", "a-b", "a b", "a~b", *("x" * 200 + tail for tail in "abc")]

    assert len({safe_name(workflow_id) for workflow_id in ids}) == len(ids)


def test_a_run_that_inherited_a_memo_has_a_file_of_its_own() -> None:
    inherited = trace_locations(TARGET, workflow="digest", workflow_id="order-7", started_at=AT)
    assert inherited is not None

    own = of_run(inherited, RUN)

    assert own.local == "/srv/project/logs/runs/digest/2026-03-06-10-30-45-123Z_order-7~~0123456789ab.json"
    assert of_run(own, "0192f3c4-1a2b-7c3d-8e4f-ba9876543210").local != own.local
    assert of_run(own, RUN) == own


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/srv/logs/runs/../../etc/x.json", "/srv/logs/runs/.parts/x.json", "/srv/logs/runs/a/.x.json", ""],
)
def test_a_memo_that_somebody_else_wrote_leads_to_no_other_file(path: str) -> None:
    assert local_name(path) is None


@pytest.mark.parametrize(
    "address", ["https://other.example/runs/a/b/c.json", "s3://traces/etc/x", "s3://traces/runs/../b/c.json"]
)
def test_a_memo_that_somebody_else_wrote_leads_to_no_other_object(address: str) -> None:
    assert remote_key(address, base="s3://traces") is None
