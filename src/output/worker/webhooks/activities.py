"""What the webhook workflow does outside of itself: looks at the run, makes the message, sends it."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from pydantic import JsonValue
from temporalio import activity
from temporalio.exceptions import ApplicationError

from output.config.settings import WorkerSettings
from output.engine import runs
from output.engine.connection import Engine
from output.engine.payloads.converter import dump_json
from output.engine.run_waits import find_last_end, wait_for_end
from output.engine.webhooks import DELIVER
from output.errors import WorkflowNotFoundError
from output.models.references import RunRef
from output.models.webhooks import EndedRun, Message, Receipt, WebhookJob
from output.security.webhook_signature import webhook_headers
from output.version import VERSION

LOOK, PREPARE = "$webhook.look", "$webhook.prepare"
GONE = "WebhookGoneError"
_LARGEST_VALUES = 256 * 1024  # bytes of input and output together
_ANSWER_SECONDS = 15.0
_LONGEST_RETRY_AFTER = timedelta(hours=1)
_A_WHILE = timedelta(seconds=30)


@dataclass(frozen=True)
class WebhookActivities:
    """What all webhooks of one worker share; without keys messages are not signed."""

    engine: Engine
    keys: Sequence[bytes]
    denies_private: bool

    def all(self) -> list[Callable[..., object]]:
        """The activities, as the engine's worker takes them."""
        return [self.look, self.prepare, self.deliver]

    @activity.defn(name=LOOK)
    async def look(self, given: JsonValue, waits: bool) -> dict[str, JsonValue] | None:
        """How the run ended, or the one that it became; None while it is open. Who was told of its end waits."""
        job = WebhookJob.model_validate(given)
        run = RunRef(job.workflow_id, job.run_id)
        try:
            look = wait_for_end(self.engine, run, within=_A_WHILE) if waits else find_last_end(self.engine, run)
            end = await look
        except TimeoutError:
            return None
        except WorkflowNotFoundError:
            return EndedRun(run_id=job.run_id, event=None).model_dump(by_alias=True)
        if end is None:
            return None
        return EndedRun(run_id=end.run.run_id or job.run_id, event=end.state).model_dump(by_alias=True)

    @activity.defn(name=PREPARE)
    async def prepare(self, given: JsonValue, _: bool) -> dict[str, JsonValue]:
        """The message: the result payload, without input and output where they are large."""
        job = WebhookJob.model_validate(given)
        result = await runs.read_result(self.engine, RunRef(job.workflow_id, job.run_id))
        payload = result.model_dump(mode="json", by_alias=True)
        if len(dump_json(payload["input"])) + len(dump_json(payload["output"])) > _LARGEST_VALUES:
            del payload["input"], payload["output"]
        digest = hashlib.sha256(f"{job.id} {job.run_id}".encode()).hexdigest()[:32]
        return Message(id=f"msg_{digest}", url=job.url, body=dump_json(payload).decode()).model_dump(by_alias=True)

    @activity.defn(name=DELIVER)
    async def deliver(self, given: JsonValue) -> dict[str, JsonValue]:
        """Send the message once. Raises ApplicationError: to be tried again, but for a 410, which ends it."""
        message = Message.model_validate(given)
        try:
            response = await self._post(message)
        except (httpx.HTTPError, OSError, _PrivateAddressError) as error:
            raise ApplicationError(str(error) or type(error).__name__, type=type(error).__name__.strip("_")) from None
        attempt = activity.info().attempt
        if response.is_success:
            return Receipt(status=response.status_code, attempts=attempt).model_dump(by_alias=True)
        told = f"The receiver answered {response.status_code}."
        if response.status_code == 410:
            raise ApplicationError(told, type=GONE, non_retryable=True)
        raise ApplicationError(told, type="WebhookRefusedError", next_retry_delay=_retry_after(response))

    async def _post(self, message: Message) -> httpx.Response:
        body = message.body.encode()
        signature = webhook_headers(message.id, body, keys=self.keys, now=datetime.now(UTC))
        url = httpx.URL(message.url)
        headers = {**signature, "Content-Type": "application/json", "User-Agent": f"output/{VERSION}"}
        extensions: dict[str, object] = {}
        if self.denies_private:
            # The address that was looked at is the one that is called: a name may mean another a moment later.
            address = await _public_address(message.url)
            headers["Host"] = url.netloc.decode()
            extensions["sni_hostname"] = url.host
            url = url.copy_with(host=address)
        async with httpx.AsyncClient(timeout=_ANSWER_SECONDS, follow_redirects=False, trust_env=False) as client:
            request = client.build_request("POST", url, content=body, headers=headers, extensions=extensions)
            response = await client.send(request, stream=True)  # what it says besides does not matter
            await response.aclose()
            return response


class _PrivateAddressError(Exception):
    """The receiver is on a network of ours."""


async def _public_address(url: str) -> str:
    """An address of the receiver, all of which must be public; raises _PrivateAddressError, OSError."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        meant = getattr(address, "ipv4_mapped", None) or address
        if not meant.is_global or meant.is_multicast:
            raise _PrivateAddressError(f"{parts.hostname} is at {address}, which OUTPUT_WEBHOOK_DENY_PRIVATE forbids.")
    return str(addresses[0])


def _retry_after(response: httpx.Response) -> timedelta | None:
    """The pause that the receiver asks for, within reason."""
    seconds = response.headers.get("retry-after", "")
    if not seconds.isdecimal() or len(seconds) > 8:
        return None
    return min(timedelta(seconds=int(seconds)), _LONGEST_RETRY_AFTER)


def open_activities(engine: Engine, settings: WorkerSettings) -> WebhookActivities:
    """The activities of a worker with these settings."""
    denies = settings.is_production if settings.webhook_deny_private is None else settings.webhook_deny_private
    return WebhookActivities(engine, settings.webhook_keys, denies)
