"""Traces as objects in S3, or in anything that speaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cached_property
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from output.config.settings import TraceSettings
from output.models.runs import TraceLocations
from output.tracing.locations import REMOTE_FOLDER, bucket_address, marked, remote_key, safe_name
from output.tracing.stores.s3_client import MISSING, connect, error_code, translated
from output.tracing.stores.segments import SegmentWriter, read_segments
from output.tracing.stores.store import Chunk, SealedTrace, StoredPart, TraceStoreError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_PARTS = f"{REMOTE_FOLDER}/.parts"
_SUFFIX = ".jsonl"
_IN_MEMORY = 8 * 1024 * 1024
_BLOCK = 256 * 1024
_CONCURRENT_READS = 8
_TAKEN = frozenset({"412", "PreconditionFailed", "409", "ConditionalRequestConflict"})


class S3Store:
    """One bucket; connected on first use, so that a store that is away stops nobody from starting."""

    source: Literal["remote"] = "remote"

    def __init__(self, settings: TraceSettings) -> None:
        self._bucket = settings.trace_s3_bucket or ""
        self._base = bucket_address(settings)
        self._settings = settings
        self._segments = SegmentWriter(self._put_segment)

    @cached_property
    def _client(self) -> S3Client:
        # Importing the client takes a third of a second: not at start.
        return connect(self._settings)

    def append(self, chunk: Chunk) -> None:
        self._segments.append(chunk)

    def _put_segment(self, run_id: str, name: str, content: bytes) -> None:
        key = f"{_run_folder(run_id)}{name}{_SUFFIX}"
        with translated(TraceStoreError):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType="application/jsonl")

    def list_parts(self, run_id: str) -> Sequence[StoredPart]:
        keys = sorted(self._list_segments(run_id))
        if not keys:
            return []
        with ThreadPoolExecutor(min(_CONCURRENT_READS, len(keys))) as threads:
            return read_segments(run_id, threads.map(self._read, keys))

    def measure_parts(self, run_id: str) -> int:
        return sum(self._list_segments(run_id).values())

    def open_part(self, part: StoredPart) -> BinaryIO:
        return BytesIO(part.content)

    def _list_segments(self, run_id: str) -> Mapping[str, int]:
        """Sizes of a run's segments by their keys."""
        sizes: dict[str, int] = {}
        with translated(TraceStoreError):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=_run_folder(run_id)):
                for entry in page.get("Contents", []):
                    name = entry.get("Key", "")
                    if name.endswith(_SUFFIX):
                        sizes[name] = entry.get("Size", 0)
        return sizes

    def _read(self, key: str) -> bytes:
        with self._fetch(key) as content:
            return content.read()

    def open_sealed(self, locations: TraceLocations, run_id: str) -> SealedTrace | None:
        for key in self._keys(locations, run_id):
            facts = self._head(key)
            if facts is not None and facts.get("run-id") == run_id:
                recorded = facts.get("recorded", "")
                size = int(recorded) if recorded.isdecimal() else None
                return SealedTrace(run_id, f"{self._base}/{key}", self._fetch(key), size)
        return None

    def seal(
        self, locations: TraceLocations, run_id: str, content: BinaryIO, *, recorded: Mapping[str, int]
    ) -> str | None:
        for key in self._keys(locations, run_id):
            facts = self._head(key)
            if facts is not None and facts.get("run-id") != run_id:
                continue
            content.seek(0)
            if self._put(key, run_id, content, recorded=recorded.get(run_id, 0), is_new=facts is None):
                return f"{self._base}/{key}"
        return None

    def find_by_id(self, workflow_id: str, run_id: str | None) -> SealedTrace | None:
        name = safe_name(workflow_id)
        keys: list[str] = []
        with translated(TraceStoreError):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{REMOTE_FOLDER}/", Delimiter="/"):
                for folder in page.get("CommonPrefixes", []):
                    prefix = f"{folder.get('Prefix', '')}{name}/"
                    for found in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                        keys += [entry.get("Key", "") for entry in found.get("Contents", [])]
        for key in sorted(keys, key=lambda key: key.rpartition("/")[2], reverse=True):
            owner = (self._head(key) or {}).get("run-id")
            if owner is not None and run_id in {None, owner}:
                return SealedTrace(owner, f"{self._base}/{key}", self._fetch(key), None)
        return None

    def _keys(self, locations: TraceLocations, run_id: str) -> tuple[str, ...]:
        key = remote_key(locations.remote, base=self._base) if locations.remote is not None else None
        return () if key is None else (key, marked(key, run_id))

    def _head(self, key: str) -> dict[str, str] | None:
        from botocore.exceptions import ClientError

        with translated(TraceStoreError):
            try:
                return self._client.head_object(Bucket=self._bucket, Key=key)["Metadata"]
            except ClientError as error:
                if error_code(error) in MISSING:
                    return None
                raise

    def _put(self, key: str, run_id: str, content: BinaryIO, *, recorded: int, is_new: bool) -> bool:
        """Store an object; False when somebody else's appeared there meanwhile."""
        from botocore.exceptions import ClientError

        metadata = {"run-id": run_id, "recorded": str(recorded)}
        with translated(TraceStoreError):
            try:
                if is_new:
                    self._client.put_object(
                        Bucket=self._bucket,
                        Key=key,
                        Body=content,
                        ContentType="application/json",
                        Metadata=metadata,
                        IfNoneMatch="*",
                    )
                    return True
            except ClientError as error:
                if error_code(error) in _TAKEN:
                    facts = self._head(key)
                    if facts is None or facts.get("run-id") != run_id:
                        return False
                elif error_code(error) not in {"501", "NotImplemented"}:  # a store that knows no conditions
                    raise
            content.seek(0)
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=content, ContentType="application/json", Metadata=metadata
            )
        return True

    def _fetch(self, key: str) -> BinaryIO:
        """A whole object, before anything of it is passed on: a response may break off."""
        content = cast("BinaryIO", SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 — closed by the reader
        try:
            with (
                translated(TraceStoreError),
                closing(self._client.get_object(Bucket=self._bucket, Key=key)["Body"]) as body,
            ):
                for block in body.iter_chunks(_BLOCK):
                    content.write(block)
        except BaseException:
            content.close()
            raise
        content.seek(0)
        return content


def _run_folder(run_id: str) -> str:
    return f"{_PARTS}/{safe_name(run_id)}/"
