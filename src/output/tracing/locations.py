"""Where a run's trace lies: derived from facts that a run has when it starts, safe as file name and as URL."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from output.config.settings import TraceSettings
from output.models.runs import TraceLocations

LOCAL_FOLDER = "logs/runs"
REMOTE_FOLDER = "runs"
_MAX_NAME = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9_.@=+-]")
_SAFE_NAME = re.compile(r"[A-Za-z0-9_@=+~-][A-Za-z0-9_.@=+~-]*\Z")
_LOCAL = re.compile(r"(?:.*[/\\])?logs/runs/([^/\\]+)/([^/\\]+\.json)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TraceTarget:
    """Which stores are on: the project's folder as it is reported, the bucket's address; None for off."""

    local: str | None = None
    remote: str | None = None

    @property
    def is_on(self) -> bool:
        return self.local is not None or self.remote is not None


def trace_target(settings: TraceSettings, project: Path) -> TraceTarget:
    """Where traces of a project go; worked out once in a process and passed down."""
    local = remote = None
    if settings.trace_local:
        local = settings.trace_host_path or str(project.resolve())
    if settings.trace_remote and settings.trace_s3_bucket:
        remote = bucket_address(settings)
    return TraceTarget(local.rstrip("/") if local else None, remote)


def bucket_address(settings: TraceSettings) -> str:
    """What the addresses of all remote traces start with, without the last slash."""
    if settings.aws_endpoint_url:
        return f"s3://{settings.trace_s3_bucket}"
    return f"https://{settings.trace_s3_bucket}.s3.{settings.aws_region}.amazonaws.com"


def trace_locations(
    target: TraceTarget, *, workflow: str, workflow_id: str, started_at: datetime, run_id: str | None = None
) -> TraceLocations | None:
    """Where the trace of a run goes, None when tracing is off.

    Give `run_id` for a run that follows another of its ID (continue-as-new): two may start in one millisecond.
    """
    if not target.is_on:
        return None
    folder, name, time = safe_name(workflow), safe_name(workflow_id), _timestamp(started_at)
    found = TraceLocations(
        local=f"{target.local}/{LOCAL_FOLDER}/{folder}/{time}_{name}.json" if target.local is not None else None,
        remote=f"{target.remote}/{REMOTE_FOLDER}/{folder}/{name}/{time}.json" if target.remote is not None else None,
    )
    return found if run_id is None else of_run(found, run_id)


def of_run(locations: TraceLocations, run_id: str) -> TraceLocations:
    """The locations with the run's mark in them: those of a run that inherited the memo of another (a reset)."""
    return TraceLocations(local=_mark(locations.local, run_id), remote=_mark(locations.remote, run_id))


def marked(path: str, run_id: str) -> str:
    """A path or address with the run's mark before `.json`, in place of another run's."""
    stem = path.removesuffix(".json").partition("~~")[0]
    # The first characters of a run ID are a clock in newer engines; the last ones are random.
    return f"{stem}~~{safe_name(run_id)[-12:]}.json"


def local_name(path: str) -> Path | None:
    """`<workflow>/<file>` of a reported local path, None for one that we never write."""
    found = _LOCAL.match(path)
    if found is None or not _SAFE_NAME.match(found[1]) or not _SAFE_NAME.match(found[2]):
        return None
    return Path(found[1], found[2])


def remote_key(address: str, *, base: str) -> str | None:
    """The object's key of a remote address, None for another bucket's or one that we never write."""
    key = address.removeprefix(f"{base}/")
    names = key.split("/")
    if key == address or len(names) != 4 or names[0] != REMOTE_FOLDER or not all(map(_SAFE_NAME.match, names)):
        return None
    return key


def safe_name(name: str) -> str:
    """The name if it is safe in a path and short, else a readable start of it and a digest of the whole."""
    clean = _UNSAFE.sub("-", name).lstrip(".")
    if clean == name and len(clean) <= _MAX_NAME:
        return clean
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return f"{clean[: _MAX_NAME - 21]}~{digest}"


def _mark(path: str | None, run_id: str) -> str | None:
    return None if path is None else marked(path, run_id)


def _timestamp(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%d-%H-%M-%S}-{at.microsecond // 1000:03d}Z"
