"""Asking somebody outside, and waiting for the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import BaseModel, JsonValue

from output.authoring.http_request import HttpReply, HttpRequest, as_json, send
from output.authoring.options import ActivityOptions
from output.authoring.runtime.awaiting import must_be_awaited
from output.authoring.runtime.protocol import current_runtime
from output.authoring.step import Step
from output.authoring.wait_token import wait_token_step
from output.errors import FatalError, WebhookTimeoutError
from output.models.waits import WaitRecord


class WebhookCall(BaseModel):
    """What is posted, and where to; the answer comes to `POST /workflow/:id/feedback` with the token."""

    url: str
    workflow_id: str
    run_id: str
    token: str
    payload: JsonValue = None
    headers: dict[str, str] = {}


@must_be_awaited
async def await_webhook(
    url: str,
    *,
    payload: object = None,
    headers: Mapping[str, str] | None = None,
    timeout: timedelta | None = None,
) -> JsonValue:
    """Post `{workflowId, runId, token, payload}` to a URL and pause until feedback to this run; returns its payload.

    Feedback with the token answers this wait, without one the oldest; feedback that came before is not lost.
    `headers` and what a failed post raises are as of `send_http_request`. Raises WebhookTimeoutError.

    Example:
        @workflow
        async def ask(url: str) -> str:
            answer = await await_webhook(url, payload={"question": "ship it?"}, timeout=timedelta(days=2))
            return str(answer)
    """
    runtime = current_runtime()
    if runtime is None:
        raise FatalError("await_webhook() belongs in workflow code.")
    run = runtime.run
    is_shown = runtime.shows_waits()
    token = await wait_token_step() if is_shown else str(runtime.uuid4())
    wait = runtime.inbox.open(token)
    if is_shown and not wait.is_answered:
        until = None if timeout is None else runtime.now() + timeout
        runtime.waits.begin(token, WaitRecord(kind="webhook", since=runtime.now(), deadline=until))
    try:
        call = WebhookCall(
            url=url,
            workflow_id=run.workflow_id,
            run_id=run.run_id,
            token=token,
            payload=as_json(payload),
            headers=dict(headers or {}),
        )
        await webhook_step(call)
        try:
            await runtime.wait_for(lambda: wait.is_answered, timeout)
        except TimeoutError:
            raise WebhookTimeoutError(url, waited=timeout or timedelta()) from None
    finally:
        runtime.inbox.close(wait)
        runtime.waits.end(token)
    return wait.payload


async def post(call: WebhookCall) -> HttpReply:
    """Post the question, once."""
    question: JsonValue = {
        "workflowId": call.workflow_id,
        "runId": call.run_id,
        "token": call.token,
        "payload": call.payload,
    }
    request = HttpRequest(url=call.url, method="POST", payload=question, headers=call.headers)
    return await send(request)


webhook_step = Step(
    post,
    name="await_webhook",
    description="Posts a question to a webhook.",
    options=ActivityOptions(),
    kind="webhook",
)
