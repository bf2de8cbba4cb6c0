"""Short-lived tokens for browsers, whose EventSource cannot send headers."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict
from starlette.types import Scope

from output.api.http.path_encoding import restore_slashes
from output.models.messages import StreamToken
from output.models.references import RunRef
from output.security.scopes import Caller
from output.security.signing import Signer

_VIEWER = Caller("stream-token", frozenset({"view"}), "")
_STREAM_PATH = re.compile(r"/workflow/(?P<workflow_id>[^/]+)(?:/runs/(?P<run_id>[^/]+))?/history/stream\Z")


class _Grant(BaseModel):
    """What a token says: which run may be streamed, and until when (seconds since the epoch)."""

    model_config = ConfigDict(frozen=True)

    workflow_id: str
    run_id: str
    expires: float


class StreamTokens:
    """Issues tokens that open one run's stream and nothing else.

    They are signed with a key derived from the first of the API's tokens; the keys of all of them are accepted.
    """

    def __init__(self, secrets: Sequence[str], *, ttl: timedelta) -> None:
        self._signer = Signer(secrets, purpose="stream token")
        self._ttl = ttl

    def issue(self, run: RunRef) -> StreamToken:
        """A token for one run, whose ID must be known."""
        assert run.run_id is not None
        expires = time.time() + self._ttl.total_seconds()
        grant = _Grant(workflow_id=run.workflow_id, run_id=run.run_id, expires=expires)
        token = self._signer.sign_model(grant)
        return StreamToken(token=token, expires_at=datetime.fromtimestamp(expires, UTC))

    def opens(self, token: str, run: RunRef) -> RunRef | None:
        """The run that the token opens, when `run` means it: the same one, or the latest of its workflow."""
        grant = self._signer.read_model(token, _Grant)
        if (
            grant is None
            or grant.expires < time.time()
            or grant.workflow_id != run.workflow_id
            or run.run_id not in {None, grant.run_id}
        ):
            return None
        return RunRef(grant.workflow_id, grant.run_id)

    def recognize(self, scope: Scope) -> Caller | None:
        """Who may pass for the token in the query: one who may look, in a GET of the stream that the token is for."""
        path = _STREAM_PATH.match(scope["path"])
        if path is None or scope["method"] != "GET":
            return None
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        run = RunRef(restore_slashes(path["workflow_id"]), path["run_id"])
        return _VIEWER if len(given) == 1 and self.opens(given[0], run) is not None else None
