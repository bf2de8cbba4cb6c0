"""`deploy/monitoring/dashboard.json`, printed: a dashboard for Grafana; `make docs` writes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

Json = dict[str, Any]
Query = tuple[str, str]  # an expression, and what its series are called
_RATE = "$__rate_interval"
_SOURCE = {"type": "prometheus", "uid": "${source}"}
_WIDTH, _HEIGHT = 8, 7


def _quantiles(name: str, by: str, legend: str) -> list[Query]:
    inner = f"sum by (le, {by}) (rate({name}_bucket[{_RATE}]))"
    return [(f"histogram_quantile({q}, {inner})", f"{legend} p{round(q * 100)}") for q in (0.5, 0.95)]


_ROWS: list[tuple[str, list[tuple[str, str, list[Query]]]]] = [
    (
        "Runs",
        [
            (
                "Started a second",
                "ops",
                [(f"sum by (workflow) (rate(output_runs_started_total[{_RATE}]))", "{{workflow}}")],
            ),
            ("Ended a second", "ops", [(f"sum by (status) (rate(output_runs_ended_total[{_RATE}]))", "{{status}}")]),
            ("In the engine", "short", [("max by (status) (output_engine_runs)", "{{status}}")]),
            ("Duration", "s", _quantiles("output_run_duration_seconds", "workflow", "{{workflow}}")),
            (
                "Failures by name",
                "ops",
                [(f"sum by (kind, name) (rate(output_failures_total[{_RATE}]))", "{{kind}} {{name}}")],
            ),
        ],
    ),
    (
        "Steps",
        [
            (
                "Attempts a second",
                "ops",
                [(f"sum by (step, outcome) (rate(output_step_attempts_total[{_RATE}]))", "{{step}} {{outcome}}")],
            ),
            ("Retries a second", "ops", [(f"sum by (step) (rate(output_step_retries_total[{_RATE}]))", "{{step}}")]),
            ("Duration", "s", _quantiles("output_step_duration_seconds", "step", "{{step}}")),
        ],
    ),
    (
        "Queues and workers",
        [
            (
                "Tasks that wait",
                "short",
                [("max by (task_queue, kind) (output_queue_depth)", "{{task_queue}} {{kind}}")],
            ),
            (
                "Age of the oldest",
                "s",
                [("max by (task_queue, kind) (output_queue_age_seconds)", "{{task_queue}} {{kind}}")],
            ),
            ("Pollers", "short", [("max by (task_queue, kind) (output_queue_pollers)", "{{task_queue}} {{kind}}")]),
            (
                "Schedule to start of steps",
                "s",
                _quantiles("output_step_schedule_to_start_seconds", "task_queue", "{{task_queue}}"),
            ),
            (
                "Schedule to start of workflow tasks",
                "s",
                _quantiles("temporal_workflow_task_schedule_to_start_latency_seconds", "task_queue", "{{task_queue}}"),
            ),
            ("Slots in use", "short", [("sum by (worker_type) (temporal_worker_task_slots_used)", "{{worker_type}}")]),
            ("Traces: lag of sealing", "s", _quantiles("output_trace_sealing_lag_seconds", "instance", "{{instance}}")),
            ("Traces: not sealed yet", "short", [("sum by (instance) (output_trace_sealing_waiting)", "{{instance}}")]),
        ],
    ),
    (
        "API",
        [
            (
                "Requests a second",
                "reqps",
                [(f"sum by (status) (rate(output_http_requests_total[{_RATE}]))", "{{status}}")],
            ),
            ("Duration by route", "s", _quantiles("output_http_request_duration_seconds", "route", "{{route}}")),
            ("Streams", "short", [("sum(output_streams_open)", "open"), ("sum(output_stream_polls)", "polls")]),
            (
                "Calls to the engine a second",
                "ops",
                [(f"sum by (job, operation) (rate(temporal_request_total[{_RATE}]))", "{{job}} {{operation}}")],
            ),
            ("Memory", "bytes", [('process_resident_memory_bytes{job=~"output-.*"}', "{{job}} {{instance}}")]),
            (
                "Processor",
                "percentunit",
                [(f'rate(process_cpu_seconds_total{{job=~"output-.*"}}[{_RATE}])', "{{job}} {{instance}}")],
            ),
        ],
    ),
]


def dashboard() -> Json:
    """The whole dashboard."""
    panels: list[Json] = []
    numbers = count(1)
    top = 0
    for title, row in _ROWS:
        panels.append(
            {
                "id": next(numbers),
                "type": "row",
                "title": title,
                "collapsed": False,
                "panels": [],
                "gridPos": _place(top, 0, 24, 1),
            }
        )
        top += 1
        for index, (name, unit, queries) in enumerate(row):
            y, x = divmod(index, 24 // _WIDTH)
            panels.append(
                _panel(next(numbers), name, unit, queries, _place(top + y * _HEIGHT, x * _WIDTH, _WIDTH, _HEIGHT))
            )
        top += -(-len(row) * _WIDTH // 24) * _HEIGHT
    return {
        "title": "Output",
        "uid": "output",
        "tags": ["output"],
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {
            "list": [{"name": "source", "label": "Data source", "type": "datasource", "query": "prometheus"}]
        },
        "panels": panels,
    }


def _panel(number: int, title: str, unit: str, queries: Sequence[Query], place: Json) -> Json:
    return {
        "id": number,
        "type": "timeseries",
        "title": title,
        "datasource": _SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + index), "datasource": _SOURCE, "expr": expression, "legendFormat": legend}
            for index, (expression, legend) in enumerate(queries)
        ],
    }


def _place(y: int, x: int, width: int, height: int) -> Json:
    return {"x": x, "y": y, "w": width, "h": height}


if __name__ == "__main__":
    print(json.dumps(dashboard(), indent=2))
