"""A server that speaks S3, and a door in front of it that can be shut, slow or broken."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import closing, suppress

import boto3
import pytest
from pydantic import SecretStr

from output.config.settings import TraceSettings, load
from tests.support.processes import free_port
from tests.support.waiting import wait_until

BUCKET = "traces"


class Door:
    """A TCP proxy to the S3 server; its faults are switched while connections come and go."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.delay = 0.0
        self.cut_answers_after: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """End for good."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def shut(self) -> None:
        """Nobody listens any more, and what was connected is cut; the port stays ours."""
        self.close()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))

    def open_again(self) -> None:
        """Listen on the same port."""
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        listener = self._listener
        with suppress(OSError):
            while True:
                client = listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.target))
                self._open |= {client, server}
                threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, "answer"), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, direction: str | None) -> None:
        passed = 0
        with suppress(OSError):
            while data := source.recv(65_536):
                if direction == "answer":
                    time.sleep(self.delay)
                    limit = self.cut_answers_after
                    if limit is not None and passed + len(data) > limit:
                        sink.sendall(data[: limit - passed])
                        break
                sink.sendall(data)
                passed += len(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._open.discard(end)


@pytest.fixture(scope="session")
def s3_port(tmp_path_factory: pytest.TempPathFactory) -> Generator[int]:
    """A server that speaks S3, in a process of its own, with a bucket."""
    port = free_port()
    log = (tmp_path_factory.mktemp("s3") / "s3.log").open("wb")
    words = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log, subprocess.Popen(words, stdout=log, stderr=log) as server:

        def listens() -> bool:
            assert server.poll() is None, "the S3 server ended"
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_until(listens, "the S3 server's start")
        client = boto3.client(  # type: ignore[reportUnknownMemberType]  # of services not in the stubs
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        with closing(client):
            client.create_bucket(Bucket=BUCKET)
        yield port
        server.kill()


@pytest.fixture
def door(s3_port: int) -> Generator[Door]:
    """A way to the S3 server that tests may disturb."""
    door = Door(s3_port)
    yield door
    door.delay = 0.0
    door.close()


def remote_settings(url: str, bucket: str = BUCKET) -> TraceSettings:
    """Settings of traces in that S3 server alone."""
    return load(
        TraceSettings,
        trace_remote=True,
        trace_s3_bucket=bucket,
        aws_region="us-east-1",
        aws_endpoint_url=url,
        aws_access_key_id=SecretStr("key"),
        aws_secret_access_key=SecretStr("secret"),
    )
