"""What both stores promise, on real files and a real S3 server."""

from __future__ import annotations

import io
import json
import os
import threading
import uuid
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from output.config.settings import TraceSettings, load
from output.models.runs import TraceLocations
from output.tracing.attempt_records import PartKey
from output.tracing.locations import marked, trace_locations, trace_target
from output.tracing.stores.factory import open_stores
from output.tracing.stores.local import LocalStore
from output.tracing.stores.s3 import S3Store
from output.tracing.stores.store import Chunk, TraceStore, TraceStoreError
from tests.support.s3 import Door, remote_settings

Place = Callable[[str], TraceLocations]


@pytest.fixture(params=["local", "remote"])
def settings(request: pytest.FixtureRequest) -> TraceSettings:
    if request.param == "local":
        return load(TraceSettings, trace_local=True)
    door: Door = request.getfixturevalue("door")
    return remote_settings(door.url)


@pytest.fixture
def store(settings: TraceSettings, tmp_path: Path) -> TraceStore:
    (store,) = open_stores(settings, tmp_path)
    return store


@pytest.fixture
def place(settings: TraceSettings, tmp_path: Path) -> Place:
    def locate(workflow_id: str) -> TraceLocations:
        found = trace_locations(
            trace_target(settings, tmp_path), workflow="digest", workflow_id=workflow_id, started_at=datetime.now(UTC)
        )
        assert found is not None
        return found

    return locate


def trace_of(run_id: str, text: str = "") -> io.BytesIO:
    return io.BytesIO(f'{{"id":"{run_id}","kind":"workflow","text":"{text}"}}'.encode())


def read_sealed(store: TraceStore, locations: TraceLocations, run_id: str) -> bytes | None:
    sealed = store.open_sealed(locations, run_id)
    if sealed is None:
        return None
    with sealed.file:
        return sealed.file.read()


def new_id() -> str:
    return str(uuid.uuid4())


def test_chunks_of_a_part_come_back_in_order(store: TraceStore) -> None:
    run = new_id()
    for number in range(12):
        store.append(Chunk(PartKey(run, "7", 2), number, f"line {number}\n".encode()))
    store.append(Chunk(PartKey(run, "8", 1), 0, b"other\n"))

    parts = store.list_parts(run)

    assert [part.key for part in parts] == [PartKey(run, "7", 2), PartKey(run, "8", 1)]
    with store.open_part(parts[0]) as lines:
        assert list(lines) == [f"line {number}\n".encode() for number in range(12)]
    with store.open_part(parts[1]) as lines:
        assert lines.read() == b"other\n"
    assert store.measure_parts(run) == sum(part.size for part in parts)


def test_a_run_that_recorded_nothing_has_no_parts(store: TraceStore) -> None:
    assert list(store.list_parts(new_id())) == []


def test_a_sealed_trace_is_found_by_its_run(store: TraceStore, place: Place) -> None:
    locations, run = place(new_id()), new_id()
    assert store.open_sealed(locations, run) is None

    address = store.seal(locations, run, trace_of(run), recorded={run: 0})

    assert address is not None
    assert address.endswith(".json")
    assert json.loads(read_sealed(store, locations, run) or b"null") == json.load(trace_of(run))


def test_two_runs_of_one_id_that_started_in_one_millisecond_keep_their_traces(store: TraceStore, place: Place) -> None:
    locations, one, two = place(new_id()), new_id(), new_id()

    first = store.seal(locations, one, trace_of(one), recorded={})
    second = store.seal(locations, two, trace_of(two), recorded={})

    assert first != second
    assert json.loads(read_sealed(store, locations, one) or b"null") == json.load(trace_of(one))
    assert json.loads(read_sealed(store, locations, two) or b"null") == json.load(trace_of(two))
    assert second is not None
    assert second.endswith(marked(".json", two))


def test_a_trace_is_sealed_anew_when_more_became_known(store: TraceStore, place: Place) -> None:
    locations, run = place(new_id()), new_id()
    store.append(Chunk(PartKey(run, "1", 1), 0, b"x\n"))
    store.seal(locations, run, trace_of(run, "old"), recorded={run: 2})
    store.seal(locations, run, trace_of(run, "new"), recorded={run: 9})

    sealed = store.open_sealed(locations, run)

    assert sealed is not None
    with sealed.file:
        assert json.load(sealed.file)["text"] == "new"
    assert sealed.recorded == 9


def test_the_trace_of_a_run_that_the_engine_forgot_is_found_by_workflow_id(store: TraceStore, place: Place) -> None:
    workflow_id, old, new = new_id(), new_id(), new_id()
    store.seal(place(workflow_id), old, trace_of(old), recorded={})
    later = place(workflow_id)
    store.seal(later, new, trace_of(new), recorded={})
    store.seal(place(f"{workflow_id}-longer"), new_id(), trace_of(new_id()), recorded={})

    latest, pinned = store.find_by_id(workflow_id, None), store.find_by_id(workflow_id, old)

    assert latest is not None
    assert pinned is not None
    assert (latest.run_id, pinned.run_id) == (new, old)
    latest.file.close()
    pinned.file.close()
    assert store.find_by_id(new_id(), None) is None


def test_locations_of_the_other_store_are_none_of_its_business(store: TraceStore) -> None:
    assert store.seal(TraceLocations(), new_id(), trace_of("x"), recorded={}) is None
    assert store.open_sealed(TraceLocations(), new_id()) is None


def test_parts_of_sealed_traces_are_swept_and_those_of_open_runs_stay(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    settings = load(TraceSettings, trace_local=True)
    locations = trace_locations(
        trace_target(settings, tmp_path), workflow="digest", workflow_id="a", started_at=datetime.now(UTC)
    )
    assert locations is not None
    sealed, still_open = new_id(), new_id()
    for run in (sealed, still_open):
        store.append(Chunk(PartKey(run, "1", 1), 0, b"x\n"))
    store.seal(locations, sealed, trace_of(sealed), recorded={sealed: 2})
    marker = tmp_path / "logs" / "runs" / ".parts" / sealed / "sealed"
    os.utime(marker, (0, 0))

    store.sweep_parts(older_than=timedelta(days=1))

    assert list(store.list_parts(sealed)) == []
    assert len(store.list_parts(still_open)) == 1


def test_a_folder_that_cannot_be_written_is_a_passing_fault(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")

    with pytest.raises(TraceStoreError) as fault:
        LocalStore(tmp_path).append(Chunk(PartKey(new_id(), "1", 1), 0, b"x\n"))

    assert fault.value.is_passing


def test_s3_that_is_down_is_a_passing_fault_and_comes_back(door: Door) -> None:
    door.shut()
    store, run = S3Store(remote_settings(door.url)), new_id()
    with pytest.raises(TraceStoreError) as fault:
        store.append(Chunk(PartKey(run, "1", 1), 0, b"x\n"))
    assert fault.value.is_passing

    door.open_again()
    store.append(Chunk(PartKey(run, "1", 1), 0, b"x\n"))

    assert len(store.list_parts(run)) == 1


def test_s3_that_refuses_is_a_lasting_fault(door: Door) -> None:
    with pytest.raises(TraceStoreError) as fault:
        S3Store(remote_settings(door.url, bucket="somebody-elses")).append(Chunk(PartKey(new_id(), "1", 1), 0, b"x\n"))

    assert not fault.value.is_passing


@pytest.fixture
def forbidding() -> Generator[str]:
    """A server that answers 403 to everything, as S3 does without the right to ask."""

    class Handler(BaseHTTPRequestHandler):
        def refuse(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
            self.send_response(403)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if self.command != "HEAD" else b"")

        do_GET = do_PUT = do_HEAD = refuse  # noqa: N815 — the standard library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the standard library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_s3_that_forbids_says_so_and_is_not_asked_again_at_once(forbidding: str) -> None:
    store, run = S3Store(remote_settings(forbidding)), new_id()
    locations = TraceLocations(remote=f"s3://traces/runs/digest/{new_id()}/2026-03-06-10-30-45-123Z.json")
    actions: list[Callable[[], object]] = [
        lambda: store.append(Chunk(PartKey(run, "1", 1), 0, b"x\n")),
        lambda: store.list_parts(run),
        lambda: store.open_sealed(locations, run),
        lambda: store.seal(locations, run, trace_of(run), recorded={}),
    ]
    for act in actions:
        with pytest.raises(TraceStoreError, match=r"403|AccessDenied") as fault:
            act()
        assert not fault.value.is_passing


def test_an_answer_that_breaks_off_is_a_fault_and_never_half_a_trace(door: Door) -> None:
    store = S3Store(remote_settings(door.url))
    run = new_id()
    locations = TraceLocations(remote=f"s3://traces/runs/digest/{new_id()}/2026-03-06-10-30-45-123Z.json")
    store.seal(locations, run, trace_of(run, "x" * 500_000), recorded={})

    door.cut_answers_after = 100_000
    with pytest.raises(TraceStoreError):
        store.open_sealed(locations, run)

    door.cut_answers_after = None
    assert read_sealed(store, locations, run) == trace_of(run, "x" * 500_000).read()
