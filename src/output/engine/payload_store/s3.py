"""Large values as objects in S3, or in anything that speaks it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

from output.config.payload_settings import PayloadSettings
from output.engine.payload_store.store import FRESH_FOR, PayloadMissingError, PayloadStoreError, StoredObject, is_digest
from output.tracing.stores.s3_client import MISSING, connect, error_code, translated

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


class S3PayloadStore:
    """A bucket, below a prefix; connected on first use, so that a store that is away stops nobody from starting."""

    def __init__(self, settings: PayloadSettings, place: str) -> None:
        self.place = place
        self._bucket, _, prefix = place.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/"
        self._settings = settings

    @cached_property
    def _client(self) -> S3Client:
        # Importing the client takes a third of a second: not at start.
        return connect(self._settings)

    def put(self, digest: str, parts: Sequence[bytes]) -> None:
        if self._is_fresh(digest):
            return
        content = parts[0] if len(parts) == 1 else b"".join(parts)
        with translated(PayloadStoreError):
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._key(digest),
                Body=BytesIO(content),
                ContentType="application/octet-stream",
            )

    def get(self, digest: str) -> bytes:
        from botocore.exceptions import ClientError

        with translated(PayloadStoreError):
            try:
                found = self._client.get_object(Bucket=self._bucket, Key=self._key(digest))
            except ClientError as error:
                if error_code(error) in MISSING:
                    raise PayloadMissingError(digest, self.place) from None
                raise
            with closing(found["Body"]) as body:
                return body.read()

    def list_objects(self) -> Iterator[StoredObject]:
        with translated(PayloadStoreError):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for entry in page.get("Contents", []):
                    name = entry.get("Key", "").rpartition("/")[2]
                    if is_digest(name) and "LastModified" in entry:
                        yield StoredObject(name, entry.get("Size", 0), entry["LastModified"].timestamp())

    def delete(self, digest: str) -> None:
        with translated(PayloadStoreError):
            self._client.delete_object(Bucket=self._bucket, Key=self._key(digest))

    def _is_fresh(self, digest: str) -> bool:
        """Whether it is there, and young enough that it need not be written again to be kept."""
        from botocore.exceptions import ClientError

        with translated(PayloadStoreError):
            try:
                found = self._client.head_object(Bucket=self._bucket, Key=self._key(digest))
            except ClientError as error:
                if error_code(error) in MISSING:
                    return False
                raise
        return time.time() - found["LastModified"].timestamp() < FRESH_FOR.total_seconds()

    def _key(self, digest: str) -> str:
        return f"{self._prefix}{digest[:2]}/{digest}"
