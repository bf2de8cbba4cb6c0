"""A trace as one HTML page that needs no network."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from output.models.traces import TraceNode

_TEMPLATE = Path(__file__).with_name("trace_page.html")


def write_page(root: TraceNode, *, workflow_id: str, run_id: str) -> Path:
    """The page's file, in a new folder of the machine's temporary one."""
    folder = Path(tempfile.mkdtemp(prefix="output-trace-"))
    page = folder / f"{re.sub(r'[^A-Za-z0-9_.-]', '_', workflow_id)}.html"
    page.write_text(render_page(root, workflow_id=workflow_id, run_id=run_id), encoding="utf-8")
    return page


def render_page(root: TraceNode, *, workflow_id: str, run_id: str) -> str:
    """The page with the trace as data in it."""
    facts = {"workflowId": workflow_id, "runId": run_id, "root": root.model_dump(mode="json", by_alias=True)}
    # `<` as an escape: no value can end the script element or open a comment in it.
    data = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return _TEMPLATE.read_text(encoding="utf-8").replace("/*DATA*/null", data, 1)
