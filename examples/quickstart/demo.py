"""The example from start to end: `output dev`, real pages over HTTP, ledgers good and bad; exits 0 if all is well.

Run it with `make demo`, or with `python demo.py` in an environment that has
`output-workflows[dev]`. Ports are free ones.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

HERE = Path(__file__).resolve().parent
FREE_PORTS = ("--port", "0", "--engine-port", "0", "--ui-port", "0")


def main() -> int:
    """Show everything; the exit code is 1 when something is not as it should be."""
    with tempfile.TemporaryDirectory(prefix="quickstart-") as folder, serve_pages(HERE / "pages") as site:
        project = Path(
            shutil.copytree(HERE, Path(folder) / "quickstart", ignore=shutil.ignore_patterns(".output", "logs"))
        )
        with run_stack(project, log=Path(folder) / "dev.log") as url, httpx.Client(base_url=url, timeout=60) as api:
            digest_pages(api, site)
            audit_ledgers(api)
            wait_for_ledger(api, project)
    print("\nAll as it should be. `make dev` starts the same and stays up.")
    return 0


def digest_pages(api: httpx.Client, site: str) -> None:
    """Three pages, fetched from a web server and boiled down."""
    say("Running page_digest: three pages from a web server on this machine")
    urls = [f"{site}/{name}.html" for name in ("tides", "sourdough", "lighthouses")]
    output = run(api, "page_digest", {"urls": urls, "top_words": 4})["output"]
    for page in output["pages"]:
        words = ", ".join(f"{each['word']} {each['count']}x" for each in page["top_words"])
        print(f"  {page['title']}\n    {page['words']} words, {page['reading_seconds']} s to read; most often: {words}")
        print(f"    {page['opening']}")
    print(f"  All of them speak of: {', '.join(output['shared_words'])}")
    expect(len(output["pages"]) == 3 and output["words"] > 300, f"the digest is not what the pages say: {output}")


def audit_ledgers(api: httpx.Client) -> None:
    """A sound ledger, and three that end in failures worth looking at."""
    say("Running audit_ledger: a sound ledger")
    output = run(api, "audit_ledger", {"ledger": "march.csv"})["output"]
    print(f"  {output['entries']} entries, turnover {output['turnover']}, busiest account {output['busiest_account']}")
    say("And ledgers that fail, each in its own way")
    for ledger, name, step in (
        ("february.csv", "UnbalancedEntryError", "audit_ledger#add_up"),
        ("april.csv", "UnreadableRowError", "audit_ledger#read_ledger"),
        ("june.csv", "ValueError", None),
    ):
        error = run(api, "audit_ledger", {"ledger": ledger}, status="failed")["error"]
        where = f"step {error['activityType']}" if error.get("activityType") else "the workflow's own code"
        print(f"  {ledger}: {error['name']} in {where}: {error['message']}")
        expect((error["name"], error.get("activityType")) == (name, step), f"{ledger} failed with {error}")


def wait_for_ledger(api: httpx.Client, project: Path) -> None:
    """A step that fails at first and succeeds when it is tried again."""
    say("A ledger that arrives late: the step is tried again until it is there")
    body = {"workflowName": "audit_ledger", "input": {"ledger": "may.csv"}}
    started = api.post("/workflow/start", json=body).raise_for_status().json()
    print(f"  started {started['workflowId']}; now the file arrives")
    shutil.copy(project / "ledgers" / "march.csv", project / "ledgers" / "may.csv")
    result = api.get(f"/workflow/{started['workflowId']}/result", params={"wait": 55}).raise_for_status().json()
    expect(result["status"] == "completed", f"the run ended as {result}")
    print(f"  {result['status']}, with the entries of the late file: {result['output']['entries']}")


def run(api: httpx.Client, workflow: str, value: object, *, status: str = "completed") -> dict:
    """Run a workflow over HTTP and wait for its result payload."""
    reply = api.post("/workflow/run", json={"workflowName": workflow, "input": value})
    expect(reply.status_code == 200, f"POST /workflow/run answered {reply.status_code}: {reply.text}")
    result = reply.json()
    expect(result["status"] == status, f"{workflow} should have {status}: {result}")
    return result


@contextmanager
def serve_pages(folder: Path) -> Iterator[str]:
    """The folder on a web server of this machine."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base class's name
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(timeout=5)


@contextmanager
def run_stack(project: Path, *, log: Path) -> Iterator[str]:
    """`output dev` until the block ends; gives the API's URL."""
    say("Starting engine, worker and API server (output dev)")
    readable, writable = os.pipe()
    with log.open("wb") as sink:
        dev = subprocess.Popen(
            [sys.executable, "-m", "output.dev", str(project), *FREE_PORTS],
            env={**os.environ, "OUTPUT_READY_FD": str(writable)},
            pass_fds=(writable,),
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    os.close(writable)
    try:
        with os.fdopen(readable) as pipe:
            line = pipe.readline()  # ends with the process at the latest
        expect(bool(line), "the stack did not start")
        url = json.loads(line)["api"]
        print(f"  ready: {url}")
        yield url
        say("Stopping")
        dev.terminate()
        expect(dev.wait(timeout=60) == 0, "the stack did not stop in order")
    except BaseException:
        sys.stderr.write("\n".join(log.read_text(errors="replace").splitlines()[-40:]) + "\n")
        raise
    finally:
        if dev.poll() is None:
            dev.terminate()
            dev.wait(timeout=60)


def say(text: str) -> None:
    print(f"\n{text} ...", flush=True)


def expect(holds: bool, otherwise: str) -> None:
    """End the demonstration with exit code 1 when something is not as it should be."""
    if not holds:
        sys.stderr.write(f"\nThe demonstration failed: {otherwise}\n")
        raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
