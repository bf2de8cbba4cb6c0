"""Spans as a real collector gets them."""

from __future__ import annotations

import gzip
import itertools
import threading
from collections.abc import Generator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.traced_project import TracedStack, run
from tests.support.waiting import eventually

CALLER = "0af7651916cd43dd8448eb211c80319c"


class Collector:
    """Takes what exporters send, over HTTP."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.services: set[str] = set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.take(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the standard library's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()

    def take(self, request: ExportTraceServiceRequest) -> None:
        for resource in request.resource_spans:
            names = [a.value.string_value for a in resource.resource.attributes if a.key == "service.name"]
            self.services.update(names)
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]

    def named(self, name: str) -> Span:
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


@pytest.fixture
def collector() -> Generator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


def attributes(span: Span) -> Mapping[str, str | int]:
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


@pytest.mark.parametrize("traces", ["true", "false"])
async def test_one_trace_leads_from_the_caller_through_api_and_workflow_into_steps(
    stack: TracedStack, collector: Collector, traces: str
) -> None:
    stack.variables |= {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "OUTPUT_TRACE_LOCAL_ON": traces,
    }
    worker = stack.start_worker()
    async with stack.start_api() as client:
        url = f"{client.base_url}/health?key=planted-query"
        client.headers["traceparent"] = f"00-{CALLER}-b7ad6b7169203331-01"
        result = await run(client, "tell", {"text": "hello", "url": url})
        assert result["status"] == "completed"
        await client.get(f"/workflow/{result['workflowId']}/status")
        await client.head(f"/workflow/{result['workflowId']}/status")
    sought = {"POST /workflow/run", "GET", "HEAD /workflow/{workflowId}/status"}
    await eventually(lambda: sought <= {span.name for span in collector.spans}, "the spans")
    worker.stop()

    served = {span.name: attributes(span) for span in collector.spans if span.kind == Span.SPAN_KIND_SERVER}
    assert served["GET /workflow/{workflowId}/status"]["url.path"] == f"/workflow/{result['workflowId']}/status"
    assert served["HEAD /workflow/{workflowId}/status"]["http.route"] == "/workflow/{workflowId}/status"
    assert not [name for name in served if str(result["workflowId"]) in name]
    names = [span.name for span in collector.spans]
    assert {"StartWorkflow:tell", "RunWorkflow:tell", "StartActivity:tell#ask", "RunActivity:tell#ask"} <= set(names)
    chain = ["POST /workflow/run", "StartWorkflow:tell", "StartActivity:tell#ask"]
    chain += ["RunActivity:tell#ask", "chat pretend-1", "GET"]
    for parent, child in itertools.pairwise(chain):
        assert collector.named(child).parent_span_id == collector.named(parent).span_id, (parent, child)
    assert collector.named("RunWorkflow:tell").parent_span_id == collector.named("StartWorkflow:tell").span_id
    assert {span.trace_id.hex() for span in collector.spans if span.name in chain} == {CALLER}
    assert attributes(collector.named("chat pretend-1")) == {
        "output.kind": "llm",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "pretend-1",
        "gen_ai.usage.output_tokens": 5,
    }
    request = attributes(collector.named("GET"))
    assert (request["http.request.method"], request["http.response.status_code"]) == ("GET", 200)
    assert str(request["url.full"]).endswith("/health?key=***")
    assert collector.services == {"output-api", "output-worker"}


async def test_a_collector_that_is_away_holds_nobody_up(stack: TracedStack) -> None:
    stack.variables |= {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_BSP_SCHEDULE_DELAY": "100"}
    worker = stack.start_worker()
    async with stack.start_api() as client:
        result = await run(client, "tell", {"text": "hello"})

    assert result["status"] == "completed"
    assert worker.stop() == 0
