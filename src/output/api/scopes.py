"""What each route takes: the one table of scopes. A route that is not in it takes `admin`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from output.security.scopes import ADMIN

OPEN = "open"  # needs no token: for who cannot have one
RUN, MESSAGE = "run", "message"  # of the workflow, which only the route's function knows: it asks `permit`

# `*` stands for a parameter. A route of a run stands for itself pinned to one, `/workflow/*/runs/*/…`, too.
TABLE: Mapping[str, str] = {
    "GET /health": OPEN,
    "GET /ready": OPEN,
    "POST /heartbeat": "view",
    "GET /console": OPEN,  # files, which hold no data
    "GET /console/*": OPEN,
    "GET /console/assets/*/*": OPEN,
    "POST /console/session": OPEN,  # with a token in it
    "GET /console/session": OPEN,
    "DELETE /console/session": OPEN,
    "GET /docs": "view",
    "GET /docs/*": "view",
    "GET /openapi.json": "view",
    "GET /metrics": "view",
    "POST /workflow/run": RUN,
    "POST /workflow/start": RUN,
    "POST /workflow/validate": "view",
    "GET /workflow/catalog": "view",
    "GET /workflow/catalog/*": "view",
    "GET /workflow/runs": "view",
    "GET /workflow/runs/count": "view",
    "POST /workflow/runs/batch": "operate",
    "GET /workflow/runs/batch/*": "view",
    "POST /workflow/runs/batch/*/stop": "operate",
    "GET /workflow/waits": "view",
    "GET /workflow/*/status": "view",
    "GET /workflow/*/result": "view",
    "GET /workflow/*/input": "view",
    "GET /workflow/*/pending-steps": "view",
    "GET /workflow/*/history": "view",
    "GET /workflow/*/history/events/*": "view",
    "GET /workflow/*/history/stream": "view",
    "POST /workflow/*/history/stream-token": "view",
    "GET /workflow/*/trace-log": "view",
    "GET /workflow/*/waits": "view",
    "GET /workflow/*/webhooks": "view",
    "POST /workflow/*/webhooks/redeliver": "operate",
    "POST /workflow/*/webhooks/*/redeliver": "operate",
    "POST /workflow/*/signal/*": MESSAGE,
    "POST /workflow/*/query/*": MESSAGE,
    "POST /workflow/*/update/*": MESSAGE,
    "POST /workflow/*/feedback": MESSAGE,
    "PATCH /workflow/*/stop": "operate",
    "POST /workflow/*/terminate": "operate",
    "POST /workflow/*/reset": "operate",
    "POST /workflow/*/rerun": "operate",
    "POST /codec/decode": ADMIN,  # it opens whatever a payload names, of any run
    "POST /codec/encode": ADMIN,
    "GET /schedules": "view",
    "POST /schedules": "operate",
    "GET /schedules/*": "view",
    "PUT /schedules/*": "operate",
    "DELETE /schedules/*": "operate",
    "POST /schedules/*/pause": "operate",
    "POST /schedules/*/resume": "operate",
    "POST /schedules/*/trigger": "operate",
    "POST /schedules/*/backfill": "operate",
    "GET /approve/*": OPEN,  # who has the link may answer its question, and nothing else
    "POST /approve/*": OPEN,
}
_PARAMETER = re.compile(r"\{[^{}]*\}")


def scope_of(method: str, path: str) -> str:
    """What a route takes, given by its method and its template, such as `/workflow/{workflowId}/status`."""
    return TABLE.get(f"{method} {template(path)}", ADMIN)


def template(path: str) -> str:
    """A route's path as the table has it."""
    return re.sub(r"^/workflow/\*/runs/\*(?=/)", "/workflow/*", _PARAMETER.sub("*", path))


def is_open(path: str) -> bool:
    """Whether this address needs no token."""
    return _OPEN_PATHS.fullmatch(path) is not None or path.startswith("/console/")


_OPEN_PATHS = re.compile(
    "|".join(re.escape(row.partition(" ")[2]).replace(r"\*", "[^/]+") for row, scope in TABLE.items() if scope == OPEN)
)
