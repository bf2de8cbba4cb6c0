"""Stores of large values: each object once, by its digest, in a folder and in S3."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from output.config.settings import EngineSettings, load
from output.engine.payload_store.factory import open_payload_store
from output.engine.payload_store.store import PayloadMissingError, PayloadStore, PayloadStoreError
from tests.support.s3 import BUCKET, Door

CONTENT = [b"head", b"body" * 100]
DIGEST = hashlib.sha256(b"".join(CONTENT)).hexdigest()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PayloadStore:
    if request.param == "folder":
        return open_store(str(tmp_path / "store"))
    door: Door = request.getfixturevalue("door")
    return open_s3(door, tmp_path.name)


def open_store(place: str, **more: object) -> PayloadStore:
    store = open_payload_store(load(EngineSettings, payload_store=place, **more), namespace="spaced")
    assert store is not None
    return store


def open_s3(door: Door, prefix: str) -> PayloadStore:
    return open_store(
        f"s3://{BUCKET}/{prefix}",
        aws_region="us-east-1",
        aws_endpoint_url=door.url,
        aws_access_key_id=SecretStr("key"),
        aws_secret_access_key=SecretStr("secret"),
    )


def test_an_object_is_kept_once_read_listed_and_deleted(store: PayloadStore) -> None:
    for _ in range(2):
        store.put(DIGEST, CONTENT)
    listed = list(store.list_objects())

    assert store.get(DIGEST) == b"".join(CONTENT)
    assert [(each.digest, each.size) for each in listed] == [(DIGEST, len(b"".join(CONTENT)))]
    assert abs(listed[0].written_at - time.time()) < 60

    for _ in range(2):
        store.delete(DIGEST)

    assert list(store.list_objects()) == []
    with pytest.raises(PayloadMissingError, match=DIGEST) as missing:
        store.get(DIGEST)
    assert not missing.value.is_passing


def test_an_object_that_is_given_again_counts_as_new(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    store.put(DIGEST, CONTENT)
    [path] = tmp_path.glob("spaced/??/*")
    os.utime(path, (1, 1))

    store.put(DIGEST, CONTENT)

    assert time.time() - next(iter(store.list_objects())).written_at < 60


def test_a_store_that_is_away_may_be_back_in_a_moment(door: Door, tmp_path: Path) -> None:
    store = open_s3(door, "away")
    door.shut()
    (tmp_path / "file").write_text("")

    for each in (store, open_store(str(tmp_path / "file"))):
        with pytest.raises(PayloadStoreError) as away:
            each.put(DIGEST, CONTENT)
        assert away.value.is_passing
        with pytest.raises(PayloadStoreError) as away:
            each.get(DIGEST)
        assert away.value.is_passing


@pytest.mark.parametrize("place", ["s3://", "s3:///prefix", "https://bucket", "s3://a"])
def test_a_place_that_is_none_is_refused_at_start(place: str) -> None:
    with pytest.raises((ValidationError, Exception), match="OUTPUT_PAYLOAD_STORE"):
        load(EngineSettings, payload_store=place)


@pytest.mark.parametrize("word", ["off", "OFF", "false", "0", ""])
def test_off_is_off(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTPUT_PAYLOAD_STORE", word)

    assert open_payload_store(load(EngineSettings), namespace="default") is None
